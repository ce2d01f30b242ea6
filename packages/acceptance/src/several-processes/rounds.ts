import { SeededRandom } from "@millrace/venue";
import type { Topic } from "@millrace/streams";
import { type Application, spanMs } from "./visits-and-orders.ts";

/** A record that is sent to the application. */
export interface Input {
  readonly topic: Topic<string, string>;
  readonly key: string;
  readonly value: string;
  readonly timestamp: number;
}

/** Between two rounds, ms: all that was open in the one is over when the next begins. */
const apartMs = 20_000;
const owners = 12;

/** Rounds of records, each spread over owners and over the partitions of its sources. */
export const rounds = (
  { orders, payments, visits }: Application,
  count: number,
  seed: number,
): readonly (readonly Input[])[] => {
  const random = new SeededRandom(seed);
  const start = Date.UTC(2026, 0, 1);
  const one = (topic: Topic<string, string>, round: number, n: number, from: number): Input => ({
    topic,
    key: `${random.below(1_000)}`,
    // Some owners have orders only, some payments only.
    value: `o${from + random.below(owners)}:${topic === orders ? "l" : "r"}${round}-${n}`,
    timestamp: start + round * apartMs + random.below(spanMs),
  });
  const drawn = Array.from({ length: count }, (_, round) =>
    Array.from({ length: 80 }, (_record, n) => [
      one(orders, round, n, 0),
      one(payments, round, n, 4),
      one(visits, round, n, 0),
    ]).flat(),
  );
  // The last of each owner: everything before it is over then, in each partition.
  const last = [orders, visits].flatMap((topic) =>
    Array.from({ length: 2 * owners }, (_, owner) => ({
      topic,
      key: `${owner}`,
      value: `o${owner}:last`,
      timestamp: start + count * apartMs,
    })),
  );
  return [...drawn, last];
};
