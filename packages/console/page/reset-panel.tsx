import { useState } from "preact/hooks";
import type { ApplicationView } from "../src/protocol/console-state.ts";
import type { ResetView } from "../src/protocol/reset-view.ts";
import { countText } from "./amounts.ts";
import { ask, change } from "./ask.ts";
import { TokenDialog } from "./token-dialog.tsx";

/** Has an application begin again: looks first, and asks before it does. */
export const ResetPanel = ({ application: { id, members } }: { readonly application: ApplicationView }) => {
  const [to, setTo] = useState("earliest");
  const [plan, setPlan] = useState<ResetView | string | undefined>(undefined);
  const [asking, setAsking] = useState(false);
  const [done, setDone] = useState(false);
  const look = async (event: Event): Promise<void> => {
    event.preventDefault();
    setDone(false);
    try {
      setPlan(await ask<ResetView>("/api/reset", { application: id, to }));
    } catch (error) {
      setPlan(error instanceof Error ? error.message : String(error));
    }
  };
  return (
    <section class="panel">
      <h2>Begin again</h2>
      <p class="prose">
        Its offsets go to where you say, its state and what lies in its repartition topics is deleted; results
        that it has written stay. All of its processes must have been stopped: Kafka refuses it otherwise, and
        nothing is changed.
      </p>
      {members.length > 0 && (
        <p class="notice warn">It runs: stop its processes first. You can look at what a reset would do.</p>
      )}
      <form class="query" onSubmit={(event) => void look(event)}>
        <div class="fields">
          <label>
            Begin at
            <input
              class="mono"
              value={to}
              list="reset-targets"
              onInput={({ currentTarget }) => setTo(currentTarget.value)}
              required
            />
            <datalist id="reset-targets">
              <option value="earliest" />
              <option value="latest" />
              <option value="2026-03-02T10:00:00Z" />
            </datalist>
          </label>
          <button type="submit">Look at what it would do</button>
        </div>
      </form>
      <div aria-live="polite">
        {typeof plan === "string" && <p class="notice bad">{plan}</p>}
        {done && <p class="notice good">It was reset. Start its processes again.</p>}
        {typeof plan === "object" && <Plan plan={plan} />}
      </div>
      {typeof plan === "object" && !done && (
        <button type="button" class="danger" onClick={() => setAsking(true)}>
          Reset {id}
        </button>
      )}
      {asking && (
        <TokenDialog
          what={`${id} will begin again at ${to}, and the state that it has is deleted.`}
          verb="Reset it"
          run={async (token) => {
            setPlan(await change<ResetView>("/api/reset", token, { application: id, to }));
            setDone(true);
          }}
          onClose={() => setAsking(false)}
        />
      )}
    </section>
  );
};

const Plan = ({ plan: { offsets, internal } }: { readonly plan: ResetView }) => (
  <>
    <div class="scroll" tabIndex={0} role="region" aria-label="Offsets">
      <table>
        <thead>
          <tr>
            <th scope="col">Topic</th>
            <th scope="col" class="number">
              Partition
            </th>
            <th scope="col" class="number">
              Committed
            </th>
            <th scope="col" class="number">
              Begins at
            </th>
          </tr>
        </thead>
        <tbody>
          {offsets.map(({ topic, partition, committed, target }) => (
            <tr key={`${topic}-${partition}`}>
              <th scope="row" class="mono">
                {topic}
              </th>
              <td class="number">{partition}</td>
              <td class="number">{countText(committed)}</td>
              <td class="number">{countText(target)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
    <ul class="plain mono">
      {internal.map((topic) => (
        <li key={topic}>
          {topic}{" "}
          <span class="muted">{topic.endsWith("-changelog") ? "deleted, and made anew" : "deleted"}</span>
        </li>
      ))}
    </ul>
  </>
);
