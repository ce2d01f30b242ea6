import {
  json,
  keyValueStore,
  long,
  process,
  seconds,
  stream,
  string,
  to,
  topic,
  type Topology,
  topology,
} from "@millrace/streams";

interface Reading {
  readonly sensor: string;
  readonly degrees: number;
}

export const readings = topic("readings", { key: string(), value: json<number>() });
export const ordered = topic("readings-in-order", { key: string(), value: json<number>() });

const held = keyValueStore("held", { key: long(), value: json<readonly Reading[]>() });

/** Readings wait ten seconds of stream time for those that were taken before them, and go on in the order of their times. */
export const readingsInOrder = (): Topology =>
  topology(
    "readings-in-order",
    stream(readings).pipe(
      process({
        stores: { held },
        create: ({ stores, forward, schedule }) => {
          schedule(seconds(1), "streamTime", (now) => {
            for (const [timestamp, waiting] of stores.held.range(0, Math.max(0, now - seconds(10)))) {
              for (const { sensor, degrees } of waiting)
                forward({ key: sensor, value: degrees, timestamp, headers: [] });
              stores.held.delete(timestamp);
            }
          });
          return ({ key, value, timestamp }) =>
            stores.held.put(timestamp, [
              ...(stores.held.get(timestamp) ?? []),
              { sensor: key, degrees: value },
            ]);
        },
      }),
      to(ordered),
    ),
  );
