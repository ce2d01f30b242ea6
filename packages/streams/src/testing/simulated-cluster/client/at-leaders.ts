import { TransportError } from "../../../transport/transport-error.ts";
import type { TopicPartition } from "../../../transport/topic-partition.ts";
import type { ClusterView } from "./cluster-view.ts";
import type { RetryOptions } from "./retrying.ts";

interface Outcome<Answer> {
  readonly answer?: Answer;
  readonly error?: TransportError;
}

/**
 * Asks the leader of each thing's partition, one request per broker, and again for those that it failed for and that
 * may succeed elsewhere or later. `doOne` happens at the broker; an answer may be an error for some and good for others.
 */
export const atLeaders = async <Thing, Answer>(
  view: ClusterView,
  things: readonly Thing[],
  partitionOf: (thing: Thing) => TopicPartition,
  request: string,
  doOne: (node: number, thing: Thing) => Answer,
  options?: RetryOptions,
): Promise<ReadonlyMap<Thing, Answer>> => {
  const left = new Set(things);
  const answers = new Map<Thing, Answer>();
  const forget = (thing: Thing): void => {
    const { topic, partition } = partitionOf(thing);
    view.forgetLeader(topic, partition);
  };
  const askOne = async (node: number, members: readonly Thing[]): Promise<void> => {
    let outcomes: readonly Outcome<Answer>[];
    try {
      outcomes = await view.send(node, request, () =>
        members.map((thing) => outcomeOf(() => doOne(node, thing))),
      );
    } catch (error) {
      for (const thing of members) forget(thing);
      throw error;
    }
    let failure: TransportError | undefined;
    for (const [at, thing] of members.entries()) {
      const { answer, error } = outcomes[at] as Outcome<Answer>;
      if (error === undefined) {
        answers.set(thing, answer as Answer);
        left.delete(thing);
      } else {
        forget(thing);
        if (failure === undefined || !error.retriable) failure = error;
      }
    }
    if (failure !== undefined) throw failure;
  };
  await view.retrying(async () => {
    const byLeader = await view.byLeader([...left], partitionOf);
    const failures: unknown[] = [];
    for (const outcome of await Promise.allSettled(
      [...byLeader].map(([node, members]) => askOne(node, members)),
    ))
      if (outcome.status === "rejected") failures.push(outcome.reason);
    // What no repetition mends counts before the others.
    const final = failures.find((error) => !(error instanceof TransportError && error.retriable));
    if (failures.length > 0) throw final ?? failures[0];
  }, options);
  return answers;
};

const outcomeOf = <Answer>(body: () => Answer): Outcome<Answer> => {
  try {
    return { answer: body() };
  } catch (error) {
    if (error instanceof TransportError) return { error };
    throw error;
  }
};
