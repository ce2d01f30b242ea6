import {
  aggregate,
  cogroup,
  groupBy,
  groupByKey,
  long,
  stream,
  string,
  to,
  topic,
  topology,
  toStream,
} from "../../../src/index.ts";
import { below, oneOf, times } from "../input.ts";
import type { InputRecord, Workload } from "../workload.ts";

const deposits = topic("deposits", { key: string(), value: long() });
const bonuses = topic("bonuses", { key: string(), value: string() });
const balances = topic("balances", { key: string(), value: long() });

/** One sum per key of two streams, one of which comes by way of a repartition topic: nothing is added twice or left out. */
export const workload: Workload = {
  name: "cogroup",
  topics: { deposits: 3, bonuses: 2, balances: 2 },
  stores: ["balances"],
  topology: () =>
    topology(
      "cogroup",
      stream(deposits).pipe(
        groupByKey(),
        cogroup((sum: number, amount) => sum + amount),
        cogroup(
          stream(bonuses).pipe(groupBy((account) => account, { name: "bonuses-by-account", key: string() })),
          (sum) => sum + 1_000,
        ),
        aggregate({ store: "balances", value: long(), init: () => 0 }),
        toStream(),
        to(balances),
      ),
    ),
  input: (random, from) => {
    let sent = 0;
    return times(5, () =>
      times(15 + below(random, 25), (): InputRecord => {
        const account = `a${below(random, 10)}`;
        const timestamp = from + ++sent * 20;
        return oneOf(random, [
          { topic: deposits, key: account, value: 1 + below(random, 99), timestamp },
          { topic: bonuses, key: `b${sent}`, value: account, timestamp },
        ]);
      }),
    );
  },
  expected: (input) => {
    const sums = new Map<string, number>();
    for (const { topic: source, key, value } of input) {
      const account = source === deposits ? String(key) : String(value);
      sums.set(account, (sums.get(account) ?? 0) + (source === deposits ? Number(value) : 1_000));
    }
    return [
      {
        topic: balances,
        how: "rising",
        values: new Map([...sums].map(([account, sum]) => [account, [String(sum)]])),
      },
    ];
  },
};
