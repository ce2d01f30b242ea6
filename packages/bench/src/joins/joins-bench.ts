import { parseArgs } from "node:util";
import { startKafka } from "@millrace/devstack";
import { kafka, type Transport } from "@millrace/streams";
import { checkReal } from "../check-real.ts";
import { guaranteeOf } from "../guarantee-of.ts";
import type { Measurement } from "../measurement.ts";
import { median } from "../median.ts";
import { positive } from "../positive.ts";
import { ratios, table } from "../report.ts";
import { checkOutput } from "./check-output.ts";
import { type JoinsEngine, joinsEngine } from "./joins-engines.ts";
import { type JoinsJob, type JoinsWorkload, joinsWorkloads } from "./joins-job.ts";
import { apartMs, loadJoins } from "./load-joins.ts";
import { outputDigest, type OutputDigest } from "./output-digest.ts";
import { untilCommitted } from "../until-committed.ts";

export const joinsHelp: string = `  joins: joins of texts of 100 bytes, and a count by session, by Millrace and by JVM Kafka Streams 4.4.0, on the same
  broker, one after the other; a run ends when its last commit has; all runs must make the same output
  --workloads NAME,... (${joinsWorkloads.join(",")})
  --records N         read altogether (1000000)
  --keys N,...        how many different keys; one workload each (500,100000)
  --engines NAME,...  in this order (millrace,jvm)
  --guarantee NAME    exactly_once or at_least_once (exactly_once)
  --repeat N          runs of each engine, alternating; the median counts (1)
  --node-option FLAG  for Millrace's process, as --node-option=--cpu-prof; may be repeated
`;

const say = (line: string): void => void process.stderr.write(`${line}\n`);

const workloadOf = (name: string): JoinsWorkload => {
  const found = joinsWorkloads.find((workload) => workload === name);
  if (found === undefined)
    throw new Error(`--workloads has "${name}"; it can have ${joinsWorkloads.join(", ")}`);
  return found;
};

/** Every engine's runs of one job; their outputs must be the same. */
const runAll = async (
  transport: Transport,
  engines: ReadonlyMap<string, JoinsEngine>,
  repeat: number,
  job: Omit<JoinsJob, "applicationId" | "output">,
): Promise<ReadonlyMap<string, Measurement>> => {
  const runs = new Map<string, Measurement[]>([...engines.keys()].map((name) => [name, []]));
  const inputs = job.workload === "sessions" ? [job.left] : [job.left, job.right];
  let before: OutputDigest | undefined;
  for (let round = 1; round <= repeat; round++)
    for (const [name, engine] of engines) {
      const applicationId = `${job.left}-${name}-${round}`;
      const output = `${applicationId}-output`;
      const { partitions } = (await transport.describeTopics([job.left])).get(job.left) ?? { partitions: 1 };
      await transport.createTopics([{ topic: output, partitions, configs: { "retention.ms": "-1" } }]);
      say(`${job.workload}: ${name}`);
      const one = { ...job, applicationId, output };
      const measurement = await engine(one, (signal) =>
        untilCommitted(transport, applicationId, inputs, signal),
      );
      const digest = await outputDigest(transport, output, job.workload);
      checkOutput(name, one, digest, before);
      before = digest;
      runs.get(name)?.push(measurement);
    }
  return new Map([...runs].map(([name, all]) => [name, median(all)]));
};

/** `npm run bench -- joins`. */
export const joinsBench = async (args: readonly string[]): Promise<void> => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      json: { type: "boolean", default: false },
      workloads: { type: "string", default: joinsWorkloads.join(",") },
      records: { type: "string", default: "1000000" },
      keys: { type: "string", default: "500,100000" },
      engines: { type: "string", default: "millrace,jvm" },
      guarantee: { type: "string", default: "exactly_once" },
      repeat: { type: "string", default: "1" },
      "node-option": { type: "string", multiple: true, default: [] },
    },
  });
  const records = positive("records", values.records);
  const repeat = positive("repeat", values.repeat);
  const guarantee = guaranteeOf(values.guarantee);
  const workloads = values.workloads.split(",").map(workloadOf);
  const keyCounts = values.keys.split(",").map((keys) => positive("keys", keys));
  const engines = new Map<string, JoinsEngine>(
    values.engines.split(",").map((name) => [name, joinsEngine(name, values["node-option"], say)]),
  );

  const broker = await startKafka({ onProgress: say });
  const transport = kafka({ brokers: broker.address.split(",") });
  try {
    checkReal([broker]);
    await transport.connect();
    for (const workload of workloads)
      for (const keys of keyCounts) {
        const name = `joins-${workload}-${keys}-keys`;
        const left = `bench-${Date.now()}-${workload}-${keys}`;
        const right = `${left}-right`;
        say(`${name}: sending ${records} records`);
        await loadJoins(transport, { workload, left, right, records, keys });
        const results = await runAll(transport, engines, repeat, {
          workload,
          brokers: broker.address,
          left,
          right,
          // About one record of the other side is that close, and two in three follow one of their own key.
          windowMs: keys * apartMs,
          guarantee,
          records,
        });
        if (values.json)
          for (const [engine, measurement] of results)
            process.stdout.write(`${JSON.stringify({ workload: name, engine, ...measurement })}\n`);
        else process.stdout.write(`\n${name}\n${table(results)}`);
        say(ratios(results));
      }
  } finally {
    await transport.close();
    await broker.stop();
  }
};
