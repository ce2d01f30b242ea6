import { useState } from "preact/hooks";
import type { KafkaView } from "../src/protocol/console-state.ts";
import type { LetterTopicView, ReplayAnswer } from "../src/protocol/letters-view.ts";
import { counted, countText } from "./amounts.ts";
import { change } from "./ask.ts";
import { LettersTable } from "./letters-table.tsx";
import { type Chosen, ReasonsTable } from "./reasons-table.tsx";
import { TokenDialog } from "./token-dialog.tsx";

/** What the page shows. */
export interface LettersPageProps {
  readonly topics: readonly LetterTopicView[];
  readonly kafka: KafkaView;
}

/** Dead letters by topic: why, how many, each of the latest; and back to where they came from. */
export const LettersPage = ({ topics, kafka }: LettersPageProps) => (
  <>
    <div class="title">
      <h1>Dead letters</h1>
    </div>
    {kafka.address === undefined && (
      <p class="notice warn">
        This console was not told where Kafka is: start it with --brokers, or with KAFKA_BROKERS set.
      </p>
    )}
    {kafka.problem !== undefined && <p class="notice bad">Kafka: {kafka.problem}</p>}
    {kafka.address !== undefined && kafka.problem === undefined && topics.length === 0 && (
      <p class="muted">
        There is no dead-letter topic: one is made when its application starts, and is called &lt;application
        id&gt;.dead-letter unless it was told otherwise.
      </p>
    )}
    {topics.map((topic) => (
      <LetterTopic key={topic.topic} topic={topic} />
    ))}
  </>
);

const LetterTopic = ({ topic }: { readonly topic: LetterTopicView }) => {
  const [replaying, setReplaying] = useState<Chosen | undefined>(undefined);
  const [outcome, setOutcome] = useState<ReplayAnswer | undefined>(undefined);
  const { topic: name, problem, count, replayed, reasons, latest } = topic;
  return (
    <section class="panel">
      <h2>
        <span class="mono">{name}</span>{" "}
        <span class="muted">
          {count === 0 ? "empty" : `${counted(count, "letter")}, ${countText(replayed)} replayed`}
        </span>
      </h2>
      {problem !== undefined && <p class="notice bad">{problem}</p>}
      <div role="status">{outcome !== undefined && <Outcome answer={outcome} />}</div>
      {count > 0 && (
        <>
          <ReasonsTable topic={name} reasons={reasons} onReplay={setReplaying} />
          <LettersTable topic={name} letters={latest} count={count} onReplay={setReplaying} />
        </>
      )}
      {replaying !== undefined && (
        <TokenDialog
          what={`${replaying.what} of ${name} will be written back to where ${replaying.one ? "it" : "they"} came from, each once. Repair first what made them fail.`}
          verb="Replay"
          run={async (token) =>
            setOutcome(
              await change<ReplayAnswer>("/api/replay", token, { topic: name, choice: replaying.choice }),
            )
          }
          onClose={() => setReplaying(undefined)}
        />
      )}
    </section>
  );
};

const Outcome = ({ answer: { replayed, replayedBefore, refused } }: { readonly answer: ReplayAnswer }) => (
  <div class={refused.length > 0 ? "notice warn" : "notice good"}>
    {counted(replayed, "letter")} replayed
    {replayedBefore > 0 && `, ${countText(replayedBefore)} had been replayed before`}
    {refused.length > 0 && `, ${countText(refused.length)} can't be replayed:`}
    {refused.slice(0, 5).map(({ place, why }) => (
      <div key={place}>
        <span class="mono">{place}</span> {why}
      </div>
    ))}
  </div>
);
