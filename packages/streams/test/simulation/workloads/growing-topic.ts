import { mapValues, stream, string, to, topic, topology } from "../../../src/index.ts";
import { addTo, below, times } from "../input.ts";
import type { Workload } from "../workload.ts";

const letters = topic("letters", { key: string(), value: string() });
const copies = topic("copies", { key: string(), value: string() });

/** A topic that gets more partitions while it is read, by a topology whose state does not mind. */
export const workload: Workload = {
  name: "growing-topic",
  topics: { letters: 2, copies: 3 },
  grows: ["letters"],
  stores: [],
  topology: () =>
    topology(
      "growing-topic",
      stream(letters).pipe(
        mapValues((letter) => `copy of ${letter}`, { value: string() }),
        to(copies),
      ),
    ),
  input: (random, from) => {
    let sent = 0;
    return times(6, () =>
      times(10 + below(random, 20), () => ({
        topic: letters,
        key: `l${below(random, 9)}`,
        value: String(sent),
        timestamp: from + sent++ * 10,
      })),
    );
  },
  expected: (input) => {
    const byKey = new Map<string, string[]>();
    for (const { key, value } of input) addTo(byKey, String(key), `copy of ${String(value)}`);
    // A key that goes to another partition from then on is read by two tasks.
    return [{ topic: copies, how: "set", values: byKey }];
  },
};
