import { string, topic, type Topic } from "../../src/index.ts";
import { below, keyOfEach, times } from "./input.ts";
import type { InputRecord } from "./workload.ts";

/** Of the topic of visits. */
export const visitPartitions = 3;
/** What windows of visits are counted from. */
export const visits: Topic<string, string> = topic("visits", { key: string(), value: string() });

const visit = (key: string, timestamp: number): InputRecord => ({
  topic: visits,
  key,
  value: "",
  timestamp,
});

/** How many visits a portion has, `[least, least + more)`, and of how many keys. */
interface Portions {
  readonly least: number;
  readonly more: number;
  readonly keys: number;
}

/** Four portions, whose records are up to a second out of order, and at last what closes every window before it. */
export const visitsInPortions = (
  random: () => number,
  from: number,
  { least, more, keys }: Portions,
): readonly (readonly InputRecord[])[] => {
  const portions = times(4, (portion) =>
    times(least + below(random, more), (index) =>
      visit(`v${below(random, keys)}`, from + portion * 6_000 + index * 100 + below(random, 1_000)),
    ),
  );
  return [...portions, keyOfEach(visitPartitions).map((key) => visit(key, from + 100_000))];
};
