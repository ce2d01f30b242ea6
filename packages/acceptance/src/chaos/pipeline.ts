import {
  count,
  groupByKey,
  long,
  repartition,
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

/** Length of the windows of `visits`, ms. */
export const windowMs = 2_000;

/** In: one record per click, each with a value of its own. Gets more partitions on the way. */
export const clicks = topic("clicks", { key: string(), value: string() });
/** In: one record per visit, in the order of time within a partition. */
export const visits = topic("visits", { key: string(), value: string() });
/** Out: each click, once. */
export const copies = topic("copies", { key: string(), value: string() });
/** Out: how many clicks there are of each key so far, behind a repartition topic. */
export const counts = topic("counts", { key: string(), value: long() });
/** Out: the visits of each key and window, once, when the window has closed. */
export const finals = topic("finals", { key: windowed(string(), windowMs), value: long() });

/** With their numbers of partitions at first. */
export const topics = new Map<string, number>([
  [clicks.name, 4],
  [visits.name, 3],
  [copies.name, 3],
  [counts.name, 3],
  [finals.name, 3],
]);

export const applicationId = "chaos";

/** What the members run: something of everything that is to be exact. */
export const pipeline = (): Topology => {
  const clicked = stream(clicks);
  return topology(
    applicationId,
    clicked.pipe(to(copies)),
    clicked.pipe(
      // Named and numbered: the topic before it grows.
      repartition({ name: "by-page", partitions: 4 }),
      groupByKey(),
      count({ store: "clicks-per-page" }),
      toStream(),
      to(counts),
    ),
    stream(visits).pipe(
      groupByKey(),
      windowedBy(tumbling(windowMs, { grace: 0 }), { emit: "finals" }),
      count({ store: "visits-per-window" }),
      toStream(),
      to(finals),
    ),
  );
};
