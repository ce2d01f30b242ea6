import {
  aggregate,
  groupBy,
  long,
  nullable,
  string,
  table,
  to,
  topic,
  topology,
  toStream,
} from "../../src/index.ts";
import { below, times } from "./input.ts";
import type { Workload } from "./workload.ts";

const residents = topic("residents", { key: string(), value: nullable(string()) });
const populations = topic("populations", { key: string(), value: nullable(long()) });

interface Variant {
  readonly name: string;
  /** Whose changelogs are compared. */
  readonly stores: readonly string[];
  /** Whether the table is restored from its topic. */
  readonly sourceAsChangelog: boolean;
}

/** How many live in each town: a table that is grouped by its values, with rows that move, come and go. */
export const townsWorkload = ({ name, stores, sourceAsChangelog }: Variant): Workload => ({
  name,
  topics: { residents: 3, populations: 2 },
  stores,
  topology: () =>
    topology(
      name,
      table(residents, { store: "residents", sourceAsChangelog }).pipe(
        groupBy((town) => [town, 1], { key: string(), value: long() }),
        aggregate({
          store: "population",
          value: long(),
          init: () => 0,
          add: (total, one) => total + one,
          subtract: (total, one) => total - one,
        }),
        toStream(),
        to(populations),
      ),
    ),
  input: (random, from) => {
    let sent = 0;
    return times(5, () =>
      times(10 + below(random, 30), () => ({
        topic: residents,
        key: `p${below(random, 12)}`,
        value: random() < 0.15 ? null : `t${below(random, 4)}`,
        timestamp: from + sent++ * 20,
      })),
    );
  },
  expected: (input) => {
    const homes = new Map<string, string | null>();
    const totals = new Map<string, number>();
    for (const { key, value } of input) {
      const town = value as string | null;
      homes.set(String(key), town);
      if (town !== null) totals.set(town, 0);
    }
    for (const town of homes.values()) if (town !== null) totals.set(town, (totals.get(town) ?? 0) + 1);
    return [
      {
        topic: populations,
        how: "latest",
        values: new Map([...totals].map(([town, total]) => [town, [String(total)]])),
      },
    ];
  },
});
