import {
  keyValueStore,
  long,
  noHeaders,
  nullable,
  process,
  type ProcessorDefinition,
  processValues,
  stream,
  string,
  to,
} from "../../../src/index.ts";
import { type Scenario, scenario, strings } from "./scenario.ts";

const text = nullable(string());
const n = keyValueStore("n", { key: string(), value: long() });
type Schedule = readonly [type: "streamTime" | "wallClock", interval: number];

/** Counts records per key; each punctuation tells all counts, then its own time. */
const counter = (
  forwardsInput: boolean,
  schedules: readonly Schedule[],
): ProcessorDefinition<
  string | null,
  string | null,
  string | null,
  string | null,
  { readonly n: typeof n }
> => ({
  stores: { n },
  create: ({ stores, forward, schedule }) => {
    for (const [type, interval] of schedules) {
      const letter = type === "streamTime" ? "S" : "W";
      schedule(interval, type, (timestamp) => {
        for (const [key, times] of stores.n.all())
          forward({ key, value: `${letter}:${times}`, timestamp, headers: noHeaders });
        forward({ key: "tick", value: `${letter}@${timestamp}`, timestamp, headers: noHeaders });
      });
    }
    return (record) => {
      if (forwardsInput) forward({ ...record, value: `in:${record.value}` });
      const key = String(record.key);
      stores.n.put(key, (stores.n.get(key) ?? 0) + 1);
    };
  },
});

const counting = (forwardsInput: boolean, ...schedules: readonly Schedule[]): Scenario =>
  scenario(() => [
    stream(strings("in")).pipe(process(counter(forwardsInput, schedules)), to(strings("out"))),
  ]);

const seen = keyValueStore("seen", { key: string(), value: long() });

export const processors: Readonly<Record<string, Scenario>> = {
  "punctuate-stream": counting(true, ["streamTime", 10]),
  "punctuate-wall": counting(false, ["wallClock", 100]),
  "punctuate-both": counting(true, ["streamTime", 10], ["streamTime", 25], ["wallClock", 50]),

  "punctuate-cancel": scenario(() => [
    stream(strings("in"), { name: "S" }).pipe(
      process({
        name: "P",
        key: text,
        value: text,
        create: ({ forward, schedule }) => {
          let calls = 0;
          const tick = schedule(10, "streamTime", (timestamp) => {
            calls++;
            forward({ key: "tick", value: String(calls), timestamp, headers: noHeaders });
            if (calls === 3) tick.cancel();
          });
          return (record) => forward({ ...record, timestamp: record.timestamp + 1000 });
        },
      }),
      to(strings("out"), { name: "K" }),
    ),
  ]),

  "dedupe-processor": scenario(() => [
    stream(strings("in")).pipe(
      process({
        key: text,
        value: text,
        stores: { seen },
        create: (context) => {
          const { stores, forward, schedule } = context;
          schedule(10, "streamTime", (time) => {
            const old = [...stores.seen.all()].filter(([, last]) => last < time - 20);
            for (const [value] of old) stores.seen.delete(value);
          });
          return (record) => {
            if (record.value === null) return;
            const last = stores.seen.get(record.value);
            if (last === undefined || context.streamTime - last > 20) forward(record);
            stores.seen.put(record.value, record.timestamp);
          };
        },
      }),
      to(strings("out")),
    ),
  ]),

  "values-processor": scenario(() => [
    stream(strings("in")).pipe(
      processValues({
        value: text,
        create:
          ({ forward }) =>
          ({ value, timestamp }) => {
            forward({ value: `${value}/1`, timestamp });
            forward({ value: `${value}/2`, timestamp: timestamp + 5 });
          },
      }),
      to(strings("out")),
    ),
  ]),
};
