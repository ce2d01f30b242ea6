import { parseArgs } from "node:util";
import { createTopics } from "./bench-topics.ts";
import { checkTotals } from "./check-totals.ts";
import { guaranteeOf } from "./guarantee-of.ts";
import { hourlyEngine } from "./hourly-engine.ts";
import { loadBookings } from "./load-bookings.ts";
import { medianRuns } from "./median-runs.ts";
import { positive } from "./positive.ts";
import { report } from "./report.ts";
import { say } from "./say.ts";
import { sharedOptions } from "./shared-options.ts";
import { untilCommitted } from "./until-committed.ts";
import { withKafka } from "./with-kafka.ts";
import { withRegistry } from "./with-registry.ts";

export const hourlyHelp = `  hourly: aggregation of Avro bookings per hour, by Millrace and by JVM Kafka Streams 4.4.0, on the same broker, one
  after the other; what they wrote is checked against what was sent
  --records N         (2000000)
  --keys N,...        how many different keys; one workload each (500,8000,1000000)
  --engines NAME,...  in this order (millrace,jvm); there are quix, Quix Streams 3.28.1 (Python 3.11 and pip), and
                      kafkajs, a program on kafkajs alone without any durable state, too
  --guarantee NAME    exactly_once or at_least_once (exactly_once)
  --repeat N          runs of each engine, alternating; the median counts (1)
  --node-option FLAG  for Millrace's process, as --node-option=--cpu-prof; may be repeated
`;

/** `npm run bench -- hourly`. */
export const hourlyBench = async (args: readonly string[]): Promise<void> => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      ...sharedOptions,
      records: { type: "string", default: "2000000" },
      keys: { type: "string", default: "500,8000,1000000" },
      repeat: { type: "string", default: "1" },
    },
  });
  const records = positive("records", values.records);
  const repeat = positive("repeat", values.repeat);
  const guarantee = guaranteeOf(values.guarantee);
  const workloads = values.keys.split(",").map((keys) => positive("keys", keys));
  const engines = new Map(
    values.engines.split(",").map((name) => [name, hourlyEngine(name, values["node-option"])]),
  );

  await withKafka(({ broker, transport }) =>
    withRegistry(async ({ registry, registryUrl }) => {
      for (const keys of workloads) {
        const workload = `hourly-${keys}-keys`;
        const input = `bench-${Date.now()}-${keys}`;
        say(`${workload}: sending ${records} bookings`);
        await loadBookings(transport, registry, { topic: input, records, keys });
        const results = await medianRuns(engines, repeat, async (name, engine, round) => {
          const applicationId = `${input}-${name}-${round}`;
          const output = `${applicationId}-totals`;
          await createTopics(transport, [output]);
          say(`${workload}: ${name}`);
          const measurement = await engine(
            { brokers: broker.address, registryUrl, applicationId, input, output, records, guarantee },
            (signal) => untilCommitted(transport, applicationId, [input], signal),
          );
          await checkTotals(transport, registry, output, records);
          return measurement;
        });
        report(workload, results, values.json);
      }
    }),
  );
};
