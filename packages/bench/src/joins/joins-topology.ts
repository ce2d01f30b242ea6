import {
  count,
  groupByKey,
  join,
  joinWindows,
  long,
  nullable,
  type Serde,
  sessions,
  sessionWindowed,
  type Sink,
  stream,
  string,
  table,
  to,
  topic,
  type Topology,
  topology,
  toStream,
  windowedBy,
} from "@millrace/streams";
import type { JoinsJob, JoinsWorkload } from "./joins-job.ts";

const both = (left: string, right: string): string => `${left}|${right}`;

/** Tells of the first record, at the price of a comparison. */
const watched = (onFirst: () => void): Serde<string> => {
  const plain = string();
  let seen = false;
  return {
    ...plain,
    deserialize: (source, start, end) => {
      if (!seen) {
        seen = true;
        onFirst();
      }
      return plain.deserialize(source, start, end);
    },
  };
};

/** `jvm/Joins.java` is the same, operator by operator. */
export const joinsTopology = (
  { workload, applicationId, left, right, output, windowMs }: JoinsJob,
  onFirst: () => void,
): Topology => {
  const value = watched(onFirst);
  const lefts = topic(left, { key: string(), value });
  const rights = topic(right, { key: string(), value });
  const results = topic(output, { key: string(), value: string() });
  const grace = windowMs;
  const pipes: Readonly<Record<JoinsWorkload, () => Sink>> = {
    "stream-table": () => stream(lefts).pipe(join(table(rights, { store: "right" }), both), to(results)),
    "stream-stream": () =>
      stream(lefts).pipe(
        join(stream(rights), both, { name: "pairs", windows: joinWindows(windowMs, { grace }) }),
        to(results),
      ),
    "table-table": () =>
      table(lefts, { store: "left" }).pipe(
        join(table(rights, { store: "right" }), both),
        toStream(),
        to(topic(output, { key: string(), value: nullable(string()) })),
      ),
    sessions: () =>
      stream(lefts).pipe(
        groupByKey(),
        windowedBy(sessions(windowMs, { grace })),
        count({ store: "sessions" }),
        toStream(),
        to(topic(output, { key: sessionWindowed(string()), value: nullable(long()) })),
      ),
  };
  return topology(applicationId, pipes[workload]());
};
