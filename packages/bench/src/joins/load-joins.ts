import type { Transport } from "@millrace/streams";
import { SeededRandom } from "@millrace/venue";
import { fillTopics } from "../fill-topics.ts";
import type { JoinsWorkload } from "./joins-job.ts";

/** 2026-01-01. */
const start = 1_767_225_600_000;
/** Between two records of both topics together. */
export const apartMs = 10;

export interface JoinsToLoad {
  readonly workload: JoinsWorkload;
  readonly left: string;
  readonly right: string;
  readonly records: number;
  readonly keys: number;
}

/**
 * Which side a record is on: a table that a stream is joined with has a row of every key first, and is a fifth of what
 * comes after; other joins have as much on both sides, and sessions have but the left one.
 */
const isRight = ({ workload, keys }: JoinsToLoad, n: number): boolean => {
  if (workload === "sessions") return false;
  return workload === "stream-table" ? n < keys || n % 5 === 0 : n % 2 === 1;
};

/** Creates the topics and fills them, in the order of time, with texts of about 100 bytes, their keys drawn evenly. */
export const loadJoins = (transport: Transport, load: JoinsToLoad): Promise<void> => {
  const { workload, left, right, records, keys } = load;
  const random = new SeededRandom(7);
  const every = "n, and what people write about it, ".repeat(2);
  return fillTopics(transport, [left, right], records, (n) => {
    const onRight = isRight(load, n);
    const id = workload === "stream-table" && n < keys ? n : random.below(keys);
    return {
      topic: onRight ? right : left,
      key: Buffer.from(`65a9876543210fed${String(id).padStart(8, "0")}`),
      value: Buffer.from(`${onRight ? "row" : "order"} ${n} of customer ${id}, ${every}`),
      timestamp: start + n * apartMs,
    };
  });
};
