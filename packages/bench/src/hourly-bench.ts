import { parseArgs } from "node:util";
import { schemaRegistry } from "@millrace/avro";
import { startKafka, startRegistry } from "@millrace/devstack";
import { kafka } from "@millrace/streams";
import { checkReal } from "./check-real.ts";
import { checkTotals } from "./check-totals.ts";
import { engineOf } from "./engine-of.ts";
import type { Engine } from "./engine.ts";
import { guaranteeOf } from "./guarantee-of.ts";
import { loadBookings } from "./load-bookings.ts";
import type { Measurement } from "./measurement.ts";
import { median } from "./median.ts";
import { positive } from "./positive.ts";
import { ratios, table } from "./report.ts";
import { untilCommitted } from "./until-committed.ts";

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

const partitions = 4;

const say = (line: string): void => void process.stderr.write(`${line}\n`);

/** `npm run bench -- hourly`. */
export const hourlyBench = async (args: readonly string[]): Promise<void> => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      json: { type: "boolean", default: false },
      records: { type: "string", default: "2000000" },
      keys: { type: "string", default: "500,8000,1000000" },
      engines: { type: "string", default: "millrace,jvm" },
      guarantee: { type: "string", default: "exactly_once" },
      repeat: { type: "string", default: "1" },
      "node-option": { type: "string", multiple: true, default: [] },
    },
  });
  const records = positive("records", values.records);
  const repeat = positive("repeat", values.repeat);
  const guarantee = guaranteeOf(values.guarantee);
  const workloads = values.keys.split(",").map((keys) => positive("keys", keys));
  const engines = new Map<string, Engine>();
  for (const name of values.engines.split(",")) engines.set(name, engineOf(name, values["node-option"], say));

  const [broker, registryServer] = await Promise.all([
    startKafka({ onProgress: say }),
    startRegistry({ onProgress: say }),
  ]);
  const transport = kafka({ brokers: broker.address.split(",") });
  try {
    checkReal([broker]);
    await transport.connect();
    const registry = schemaRegistry({ url: registryServer.address });
    for (const keys of workloads) {
      const workload = `hourly-${keys}-keys`;
      const input = `bench-${Date.now()}-${keys}`;
      say(`${workload}: sending ${records} bookings`);
      await loadBookings(transport, registry, { topic: input, records, keys, partitions });
      const runs = new Map<string, Measurement[]>([...engines.keys()].map((name) => [name, []]));
      for (let round = 1; round <= repeat; round++)
        for (const [name, engine] of engines) {
          const applicationId = `${input}-${name}-${round}`;
          const output = `${applicationId}-totals`;
          await transport.createTopics([{ topic: output, partitions, configs: { "retention.ms": "-1" } }]);
          say(`${workload}: ${name}`);
          const measurement = await engine(
            {
              brokers: broker.address,
              registryUrl: registryServer.address,
              applicationId,
              input,
              output,
              records,
              guarantee,
            },
            (signal) => untilCommitted(transport, applicationId, [input], signal),
          );
          await checkTotals(transport, registry, output, records);
          runs.get(name)?.push(measurement);
        }
      const results = new Map([...runs].map(([name, all]) => [name, median(all)]));
      if (values.json)
        for (const [engine, measurement] of results)
          process.stdout.write(`${JSON.stringify({ workload, engine, ...measurement })}\n`);
      else process.stdout.write(`\n${workload}\n${table(results)}`);
      say(ratios(results));
    }
  } finally {
    await transport.close();
    await Promise.all([broker.stop(), registryServer.stop()]);
  }
};
