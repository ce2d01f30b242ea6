const kinds: Readonly<Record<string, "good" | "warn" | "bad">> = {
  running: "good",
  rebalancing: "warn",
  created: "warn",
  pendingShutdown: "warn",
  stopped: "bad",
  error: "bad",
  unreachable: "bad",
};

/** How grave a state is; one that runs and waits for something is not well, either. */
export const kindOf = (state: string, waits: boolean): "good" | "warn" | "bad" => {
  const kind = kinds[state] ?? "warn";
  return kind === "good" && waits ? "warn" : kind;
};

/** A state as a dot, with its name for those who don't see it. */
export const StateDot = ({ state, waits }: { readonly state: string; readonly waits: boolean }) => (
  <>
    <span class={`dot ${kindOf(state, waits)}`} aria-hidden="true" />
    <span class="unseen">{state}: </span>
  </>
);
