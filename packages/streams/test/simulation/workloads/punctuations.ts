import {
  keyValueStore,
  long,
  process,
  type StreamRecord,
  stream,
  string,
  to,
  topic,
  topology,
} from "../../../src/index.ts";
import { below, times } from "../input.ts";
import type { Workload } from "../workload.ts";

const amounts = topic("amounts", { key: string(), value: long() });
const sums = topic("sums", { key: string(), value: long() });
/** What a key's amounts add up to since they were last sent on. */
const waiting = keyValueStore("waiting", { key: string(), value: long() });

/** Amounts wait in a store until a punctuation sends their sum on: one of stream time for some keys, of time for others. */
export const workload: Workload = {
  name: "punctuations",
  topics: { amounts: 3, sums: 2 },
  stores: ["waiting"],
  topology: () =>
    topology(
      "punctuations",
      stream(amounts).pipe(
        process({
          name: "sumUp",
          stores: { waiting },
          key: string(),
          value: long(),
          create: ({ stores, forward, schedule }) => {
            const send = (which: (key: string) => boolean, timestamp: number): void => {
              const due: StreamRecord<string, number>[] = [];
              for (const [key, value] of stores.waiting.all())
                if (which(key)) due.push({ key, value, timestamp, headers: [] });
              for (const record of due) {
                stores.waiting.delete(record.key);
                forward(record);
              }
            };
            schedule(300, "streamTime", (time) => send((key) => key.startsWith("s"), time));
            // Whatever is left in the end: no record comes that would move stream time.
            schedule(700, "wallClock", (time) => send(() => true, time));
            return ({ key, value }) => stores.waiting.put(key, (stores.waiting.get(key) ?? 0) + value);
          },
        }),
        to(sums),
      ),
    ),
  input: (random, from) => {
    let sent = 0;
    return times(5, () =>
      times(10 + below(random, 30), () => ({
        topic: amounts,
        key: `${below(random, 2) === 0 ? "s" : "w"}${below(random, 5)}`,
        value: 1 + below(random, 9),
        timestamp: from + sent++ * 25,
      })),
    );
  },
  expected: (input) => {
    const totals = new Map<string, number>();
    for (const { key, value } of input)
      totals.set(String(key), (totals.get(String(key)) ?? 0) + Number(value));
    return [
      { topic: sums, how: "sum", values: new Map([...totals].map(([key, total]) => [key, [String(total)]])) },
    ];
  },
};
