import {
  count,
  groupBy,
  long,
  minutes,
  stream,
  string,
  suppress,
  to,
  topic,
  type Topology,
  topology,
  toStream,
  untilTimeLimit,
} from "@millrace/streams";

export const votes = topic("votes", { key: string(), value: string() });
export const standings = topic("standings", { key: string(), value: long() });

/** How many votes each candidate has: a change waits a minute for others, so that readers are told no more often. */
export const calmStandings = (): Topology =>
  topology(
    "calm-standings",
    stream(votes).pipe(
      groupBy((candidate) => candidate, { key: string() }),
      count({ store: "votes" }),
      suppress(untilTimeLimit(minutes(1), { maxRecords: 10_000, whenFull: "emitEarly" }), { store: "held" }),
      toStream(),
      to(standings),
    ),
  );
