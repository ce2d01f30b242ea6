import { useEffect, useRef, useState } from "preact/hooks";

/** The token, as long as this page is open: nobody else gets to see it. */
let remembered: string | undefined;

/** Something that changes something, and waits for the token. */
export interface TokenDialogProps {
  /** What will be done, as a sentence. */
  readonly what: string;
  /** What the button says. */
  readonly verb: string;
  /** Does it; rejects where the console refuses. */
  readonly run: (token: string) => Promise<void>;
  readonly onClose: () => void;
}

/** Asks whether it is meant, and for the token. */
export const TokenDialog = ({ what, verb, run, onClose }: TokenDialogProps) => {
  const dialog = useRef<HTMLDialogElement>(null);
  const [token, setToken] = useState(remembered ?? "");
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);
  useEffect(() => dialog.current?.showModal(), []);
  // The dialog itself gives the focus back to what opened it.
  const close = (): void => dialog.current?.close();
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    try {
      await run(token);
      remembered = token;
      close();
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
      setBusy(false);
    }
  };
  return (
    <dialog ref={dialog} onClose={onClose} aria-labelledby="token-what">
      <form onSubmit={(event) => void submit(event)}>
        <p id="token-what">{what}</p>
        <label>
          Token of the console
          <input
            class="mono"
            type="password"
            name="token"
            value={token}
            onInput={({ currentTarget }) => setToken(currentTarget.value)}
            autoComplete="off"
            required
          />
        </label>
        <p class="muted">It was printed when the console started. This page keeps it until it is closed.</p>
        {problem !== "" && (
          <p class="notice bad" role="alert">
            {problem}
          </p>
        )}
        <div class="buttons">
          <button type="button" onClick={close}>
            Cancel
          </button>
          <button type="submit" class="primary" disabled={busy}>
            {busy ? "…" : verb}
          </button>
        </div>
      </form>
    </dialog>
  );
};
