import {
  aggregate,
  groupByKey,
  json,
  minutes,
  sessions,
  sessionWindowed,
  stream,
  string,
  to,
  topic,
  type Topology,
  topology,
  toStream,
  windowedBy,
} from "@millrace/streams";

export const visits = topic("page-visits", { key: string(), value: string() });
export const paths = topic("paths", { key: sessionWindowed(string()), value: json<readonly string[]>() });

/** The pages of each visit, told once: when a visitor has done nothing for half an hour, and a quarter more has gone. */
export const visitorPaths = (): Topology =>
  topology(
    "visitor-paths",
    stream(visits).pipe(
      groupByKey(),
      windowedBy(sessions(minutes(30), { grace: minutes(15) }), { emit: "finals" }),
      aggregate({
        store: "visits",
        value: json<readonly string[]>(),
        init: () => [],
        add: (pages, page) => [...pages, page],
        merge: (older, newer) => [...older, ...newer],
      }),
      toStream(),
      to(paths),
    ),
  );
