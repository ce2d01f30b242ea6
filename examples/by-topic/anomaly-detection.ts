import {
  count,
  filter,
  groupByKey,
  long,
  minutes,
  stream,
  string,
  to,
  topic,
  type Topology,
  topology,
  toStream,
  tumbling,
  windowed,
  windowedBy,
} from "@millrace/streams";

const minute = tumbling(minutes(1), { grace: minutes(1) });

export const logins = topic("failed-logins", { key: string(), value: string() });
export const suspects = topic("suspects", { key: windowed(string(), minute), value: long() });

/** Users who fail to log in more than three times within a minute, told as soon as they do. */
export const suspiciousUsers = (): Topology =>
  topology(
    "suspicious-users",
    stream(logins).pipe(
      groupByKey(),
      windowedBy(minute),
      count({ store: "failures" }),
      toStream(),
      filter((failures) => failures > 3),
      to(suspects),
    ),
  );
