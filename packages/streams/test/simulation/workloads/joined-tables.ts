import { leftJoin, nullable, string, table, to, topic, topology, toStream } from "../../../src/index.ts";
import { below, times } from "../input.ts";
import type { InputRecord, Workload } from "../workload.ts";

const names = topic("names", { key: string(), value: nullable(string()) });
const streets = topic("streets", { key: string(), value: nullable(string()) });
const letters = topic("letters", { key: string(), value: nullable(string()) });

/** Two tables whose rows come, change and go; of their join there is a row for each name. */
export const workload: Workload = {
  name: "joined-tables",
  topics: { names: 3, streets: 3, letters: 2 },
  stores: ["names", "streets", "joined"],
  topology: () =>
    topology(
      "joined-tables",
      table(names, { store: "names" }).pipe(
        leftJoin(table(streets, { store: "streets" }), (name, street) => `${name}, ${street ?? "nowhere"}`, {
          store: "joined",
          value: string(),
        }),
        toStream(),
        to(letters),
      ),
    ),
  input: (random, from) => {
    const there = new Set<string>();
    let sent = 0;
    const one = (): InputRecord => {
      const source = random() < 0.5 ? names : streets;
      const key = `p${below(random, 12)}`;
      const row = `${source.name} ${key}`;
      // Only what is there is deleted, and no value comes twice: every change is told, and is another than the last.
      const goes = there.has(row) && random() < 0.3;
      if (goes) there.delete(row);
      else there.add(row);
      sent++;
      return {
        topic: source,
        key,
        value: goes ? null : `${source.name}-${sent}`,
        timestamp: from + sent * 20,
      };
    };
    const portions = times(5, () => times(10 + below(random, 30), one));
    // In the end everybody has a name, or whether a row ever came and went would be a matter of commits.
    const last = times(12, (at) => ({
      topic: names,
      key: `p${at}`,
      value: `last-${at}`,
      timestamp: from + ++sent * 20,
    }));
    return [...portions, last];
  },
  expected: (input) => {
    const [named, housed] = [new Map<string, string>(), new Map<string, string>()];
    for (const { topic: source, key, value } of input)
      (source === names ? named : housed).set(String(key), (value as string | null) ?? "nowhere");
    const values = new Map(
      [...named].map(([key, name]) => [key, [`${name}, ${housed.get(key) ?? "nowhere"}`]]),
    );
    return [{ topic: letters, how: "latest", values }];
  },
};
