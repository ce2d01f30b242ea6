import { parseArgs } from "node:util";
import type { Transport } from "@millrace/streams";
import { createTopics } from "../bench-topics.ts";
import type { Engine } from "../engine.ts";
import { guaranteeOf } from "../guarantee-of.ts";
import { listed } from "../listed.ts";
import type { Measurement } from "../measurement.ts";
import { medianRuns } from "../median-runs.ts";
import { positive } from "../positive.ts";
import { report } from "../report.ts";
import { say } from "../say.ts";
import { sharedOptions } from "../shared-options.ts";
import { untilCommitted } from "../until-committed.ts";
import { withKafka } from "../with-kafka.ts";
import { checkOutput } from "./check-output.ts";
import { joinsEngine } from "./joins-engine.ts";
import { type JoinsJob, joinsWorkloads } from "./joins-job.ts";
import { apartMs, loadJoins } from "./load-joins.ts";
import { outputDigest, type OutputDigest } from "./output-digest.ts";

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

/** The median run of every engine with one job; the outputs of all runs must be the same. */
const runAll = (
  transport: Transport,
  engines: ReadonlyMap<string, Engine<JoinsJob>>,
  repeat: number,
  job: Omit<JoinsJob, "applicationId" | "output">,
): Promise<ReadonlyMap<string, Measurement>> => {
  const inputs = job.workload === "sessions" ? [job.left] : [job.left, job.right];
  let before: OutputDigest | undefined;
  return medianRuns(engines, repeat, async (name, engine, round) => {
    const applicationId = `${job.left}-${name}-${round}`;
    const output = `${applicationId}-output`;
    await createTopics(transport, [output]);
    say(`${job.workload}: ${name}`);
    const one = { ...job, applicationId, output };
    const measurement = await engine(one, (signal) =>
      untilCommitted(transport, applicationId, inputs, signal),
    );
    const digest = await outputDigest(transport, output, job.workload);
    checkOutput(name, one, digest, before);
    before = digest;
    return measurement;
  });
};

/** `npm run bench -- joins`. */
export const joinsBench = async (args: readonly string[]): Promise<void> => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      ...sharedOptions,
      workloads: { type: "string", default: joinsWorkloads.join(",") },
      records: { type: "string", default: "1000000" },
      keys: { type: "string", default: "500,100000" },
      repeat: { type: "string", default: "1" },
    },
  });
  const records = positive("records", values.records);
  const repeat = positive("repeat", values.repeat);
  const guarantee = guaranteeOf(values.guarantee);
  const workloads = listed("workloads", values.workloads, joinsWorkloads);
  const keyCounts = values.keys.split(",").map((keys) => positive("keys", keys));
  const names = listed("engines", values.engines, ["millrace", "jvm"]);
  const engines = new Map(names.map((name) => [name, joinsEngine(name, values["node-option"])]));

  await withKafka(async ({ broker, transport }) => {
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
        report(name, results, values.json);
      }
  });
};
