import { once } from "node:events";
import { schemaRegistry } from "@millrace/avro";
import { createApp, kafka } from "@millrace/streams";
import { hourlyTopology } from "./hourly-topology.ts";
import type { Job, Measurement } from "./measurement.ts";

// A process of its own, so that its CPU and memory are the engine's alone. Its argument is the job, its last line of
// output the measurement, from its first record until it is given a line of input.
const job = JSON.parse(process.argv[2] ?? "{}") as Job;
let seen = 0;
let startedAt = 0;
let cpuBefore = process.cpuUsage();

const app = createApp(
  hourlyTopology({
    applicationId: job.applicationId,
    registry: schemaRegistry({ url: job.registryUrl }),
    input: job.input,
    output: job.output,
    onRecord: () => {
      if (seen++ > 0) return;
      startedAt = performance.now();
      cpuBefore = process.cpuUsage();
    },
  }),
  {
    transport: kafka({ brokers: job.brokers.split(",") }),
    guarantee: job.guarantee,
    log: (level, message) => {
      if (level === "warn" || level === "error") process.stderr.write(`${level}: ${message}\n`);
    },
  },
);
await app.start();
await Promise.race([once(process.stdin, "data"), app.done()]);
const seconds = (performance.now() - startedAt) / 1_000;
const { user, system } = process.cpuUsage(cpuBefore);
process.stdin.destroy();
await app.stop();
const measurement: Measurement = {
  recordsPerSecond: Math.round(job.records / seconds),
  cpuMicrosPerRecord: Number(((user + system) / job.records).toFixed(3)),
  peakRssBytes: process.resourceUsage().maxRSS * 1024,
};
process.stdout.write(`${JSON.stringify(measurement)}\n`);
