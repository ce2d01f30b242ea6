import { mapValues, stream, string, to, topic, topology } from "../../../src/index.ts";
import { addTo, below, times } from "../input.ts";
import type { Workload } from "../workload.ts";

const jobs = topic("jobs", { key: string(), value: string() });
const done = topic("done", { key: string(), value: string() });

/** An operator that takes its time with each record, so that the first portion takes longer than a session. */
export const workload: Workload = {
  name: "slow-operator",
  topics: { jobs: 2, done: 2 },
  stores: [],
  topology: (process) =>
    topology(
      "slow-operator",
      stream(jobs).pipe(
        mapValues(
          (job) => {
            process.freeze(20 + process.random() * 40);
            return `${job}, done`;
          },
          { value: string() },
        ),
        to(done),
      ),
    ),
  input: (random, from) => {
    let sent = 0;
    return [280, 20, 20].map((most) =>
      times(most - below(random, 10), () => ({
        topic: jobs,
        key: `j${below(random, 6)}`,
        value: String(sent),
        timestamp: from + sent++ * 10,
      })),
    );
  },
  expected: (input) => {
    const byKey = new Map<string, string[]>();
    for (const { key, value } of input) addTo(byKey, String(key), `${String(value)}, done`);
    return [{ topic: done, how: "all", values: byKey }];
  },
};
