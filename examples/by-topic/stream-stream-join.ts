import {
  joinWindows,
  leftJoin,
  minutes,
  stream,
  string,
  to,
  topic,
  type Topology,
  topology,
} from "@millrace/streams";

export const ads = topic("ads-shown", { key: string(), value: string() });
export const clicks = topic("clicks", { key: string(), value: string() });
export const outcomes = topic("outcomes", { key: string(), value: string() });

/** Each ad, keyed by who saw it, meets the clicks of the ten minutes after it; without any it says so when they are over. */
export const adOutcomes = (): Topology =>
  topology(
    "ad-outcomes",
    stream(ads).pipe(
      leftJoin(stream(clicks), (ad, page) => (page === null ? `${ad}: ignored` : `${ad}: led to ${page}`), {
        name: "clicked",
        windows: joinWindows(minutes(10), { before: 0, grace: minutes(1) }),
      }),
      to(outcomes),
    ),
  );
