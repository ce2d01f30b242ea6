import {
  count,
  globalTable,
  groupByKey,
  json,
  long,
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

const places = globalTable(topic("places", { key: string(), value: json<{ city: string }>() }), {
  store: "places",
});
const words = stream(topic("words", { key: string(), value: string() }));

export const counting: Topology = topology(
  "counting",
  words.pipe(groupByKey(), count({ store: "counts" })),
  words.pipe(
    groupByKey(),
    windowedBy(tumbling(1_000, { grace: 0 })),
    count({ store: "by-second" }),
    toStream(),
    to(topic("seconds", { key: windowed(string(), 1_000), value: long() })),
  ),
  places,
);
