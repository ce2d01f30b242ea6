import { joinWindows, type KStream, split, stream, string, topic, type Topic } from "../../src/index.ts";
import { partitionForKey } from "../../src/transport/murmur2.ts";
import { addTo, below, keyOfEach, oneOf, times } from "./input.ts";
import type { InputRecord } from "./workload.ts";

// The input of the workloads that join two streams, and what meets.

export const partitions = 3;
export const before = 300;
export const after = 200;
/** More than records are out of order: none is late, none meets what has expired. */
const grace = 2_000;
export const windows = joinWindows(0, { before, after, grace });

/** Both sides are in one topic, so that the order in which a task takes them is that of the topic. */
export const events: Topic<string, string> = topic("events", { key: string(), value: string() });

export const sides = (): {
  readonly left: KStream<string, string>;
  readonly right: KStream<string, string>;
} =>
  stream(events).pipe(
    split({
      left: (value) => value.startsWith("l"),
      right: (value) => value.startsWith("r"),
    }),
  );

export const joinInput = (random: () => number, from: number): readonly (readonly InputRecord[])[] => {
  let sent = 0;
  const event = (key: string, side: string, timestamp: number): InputRecord => ({
    topic: events,
    key,
    value: `${side}${sent++}`,
    timestamp,
  });
  const portions = times(4, (portion) =>
    times(15 + below(random, 25), (index) =>
      event(
        `k${below(random, 8)}`,
        oneOf(random, ["l", "r"]),
        from + portion * 10_000 + index * 100 + below(random, 1_000),
      ),
    ),
  );
  // Everything is over when these have come; the last ones wait for ever.
  const last = ["l", "r", "l"].flatMap((side, at) =>
    keyOfEach(partitions).map((key) => event(key, side, from + 100_000 + at * 10_000)),
  );
  return [...portions, last];
};

const partitionOf = (key: unknown): number => partitionForKey(Buffer.from(String(key)), partitions);

/** The text of a record; of nobody where there is none. */
const textOf = (record: InputRecord | undefined): string =>
  record === undefined ? "none" : String(record.value);

interface Waiting {
  readonly record: InputRecord;
  readonly isLeft: boolean;
  alone: boolean;
}

/**
 * What comes of each pair that meets, and of what has met nobody when its time is over, by key; `alone` says which sides
 * have that. What comes so late that its window has ended is told at once, as on the JVM, though within the grace
 * another may still come.
 */
export const joinResults = (
  input: readonly InputRecord[],
  alone: Readonly<Record<"left" | "right", boolean>>,
): ReadonlyMap<string, readonly string[]> => {
  const results = new Map<string, string[]>();
  const streamTimes = new Map<number, number>();
  const seen = new Map<string, Waiting[]>();
  const tell = (key: unknown, left: InputRecord | undefined, right: InputRecord | undefined): void =>
    addTo(results, String(key), `${textOf(left)}+${textOf(right)}`);
  const tellAlone = ({ record, isLeft }: Waiting): void =>
    tell(record.key, isLeft ? record : undefined, isLeft ? undefined : record);
  for (const record of input) {
    const { key, value, timestamp } = record;
    const partition = partitionOf(key);
    const now = Math.max(streamTimes.get(partition) ?? 0, timestamp);
    streamTimes.set(partition, now);
    const isLeft = String(value).startsWith("l");
    const own: Waiting = { record, isLeft, alone: isLeft ? alone.left : alone.right };
    for (const other of seen.get(String(key)) ?? []) {
      if (other.isLeft === isLeft) continue;
      const [left, right] = isLeft ? [record, other.record] : [other.record, record];
      if (right.timestamp < left.timestamp - before || right.timestamp > left.timestamp + after) continue;
      tell(key, left, right);
      other.alone = false;
      own.alone = false;
    }
    if (own.alone && timestamp + (isLeft ? after : before) < now) {
      tellAlone(own);
      own.alone = false;
    }
    addTo(seen, String(key), own);
  }
  for (const waiting of [...seen.values()].flat()) {
    const { record, isLeft } = waiting;
    const over = record.timestamp + (isLeft ? after : before) + grace;
    if (waiting.alone && over < (streamTimes.get(partitionOf(record.key)) ?? 0)) tellAlone(waiting);
  }
  return results;
};
