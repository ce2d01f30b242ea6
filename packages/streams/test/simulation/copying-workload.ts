import { mapValues, stream, string, to, topic, topology } from "../../src/index.ts";
import { addTo, below, times } from "./input.ts";
import type { Expectation, Workload } from "./workload.ts";

/** Each record is copied, without state: for what happens to topics and offsets. `<name>-in` is read. */
export const copyingWorkload = (
  name: string,
  how: Expectation["how"],
  fate: Omit<Workload, "name" | "topics" | "stores" | "topology" | "input" | "expected">,
): Workload => {
  const source = topic(`${name}-in`, { key: string(), value: string() });
  const copies = topic(`${name}-out`, { key: string(), value: string() });
  return {
    ...fate,
    name,
    topics: { [source.name]: 2, [copies.name]: 3 },
    stores: [],
    topology: () =>
      topology(
        name,
        stream(source).pipe(
          mapValues((value) => `copy of ${value}`, { value: string() }),
          to(copies),
        ),
      ),
    input: (random, from) => {
      let sent = 0;
      return times(6, () =>
        times(10 + below(random, 20), () => ({
          topic: source,
          key: `k${below(random, 9)}`,
          value: String(sent),
          timestamp: from + sent++ * 10,
        })),
      );
    },
    expected: (input) => {
      const byKey = new Map<string, string[]>();
      for (const { key, value } of input) addTo(byKey, String(key), `copy of ${String(value)}`);
      return [{ topic: copies, how, values: byKey }];
    },
  };
};
