import { parseArgs } from "node:util";
import { createTopics } from "../bench-topics.ts";
import { guaranteeOf } from "../guarantee-of.ts";
import { hourlyEngine } from "../hourly-engine.ts";
import { positive } from "../positive.ts";
import { say } from "../say.ts";
import { sharedOptions } from "../shared-options.ts";
import { untilCommitted } from "../until-committed.ts";
import { withKafka } from "../with-kafka.ts";
import { withRegistry } from "../with-registry.ts";
import { readDelays } from "./read-delays.ts";
import { sendSteadily } from "./send-steadily.ts";

export const latencyHelp = `  latency: how long after a booking was sent its total can be read, committed: the hourly aggregation at an even rate,
  with the engines' own commit interval (100 ms, exactly once)
  --rate N            bookings a second (10000)
  --seconds N         of load (40)
  --warm-up N         the first seconds, which do not count (15)
  --keys N            (500)
  --engines NAME,...  in this order (millrace,jvm)
  --guarantee NAME    exactly_once or at_least_once (exactly_once)
  --node-option FLAG  for Millrace's process; may be repeated
`;

const quantile = (sorted: Float64Array, share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;

/** `npm run bench -- latency`. */
export const latencyBench = async (args: readonly string[]): Promise<void> => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      ...sharedOptions,
      rate: { type: "string", default: "10000" },
      seconds: { type: "string", default: "40" },
      "warm-up": { type: "string", default: "15" },
      keys: { type: "string", default: "500" },
    },
  });
  const perSecond = positive("rate", values.rate);
  const seconds = positive("seconds", values.seconds);
  const warmUpMs = positive("warm-up", values["warm-up"]) * 1_000;
  const keys = positive("keys", values.keys);
  const guarantee = guaranteeOf(values.guarantee);
  const engines = new Map(
    values.engines.split(",").map((name) => [name, hourlyEngine(name, values["node-option"])]),
  );
  const workload = `latency-${perSecond}-per-second`;

  await withKafka(({ broker, transport }) =>
    withRegistry(async ({ registry, registryUrl }) => {
      for (const [name, engine] of engines) {
        const applicationId = `bench-${Date.now()}-${name}`;
        const input = `${applicationId}-bookings`;
        const output = `${applicationId}-totals`;
        await createTopics(transport, [input, output]);
        say(`${workload}: ${name}`);
        let began = Number.POSITIVE_INFINITY;
        const reading = readDelays(transport, output, () => began + warmUpMs);
        const records = perSecond * seconds;
        const { cpuMicrosPerRecord, peakRssBytes } = await engine(
          { brokers: broker.address, registryUrl, applicationId, input, output, records, guarantee },
          async (signal) => {
            began = Date.now();
            await sendSteadily(transport, registry, { topic: input, keys, perSecond, seconds }, signal);
            await untilCommitted(transport, applicationId, [input], signal);
          },
        );
        const delays = await reading.stop();
        const [p50Ms, p99Ms, maxMs] = [quantile(delays, 0.5), quantile(delays, 0.99), quantile(delays, 1)];
        process.stdout.write(
          values.json
            ? `${JSON.stringify({ workload, engine: name, totals: delays.length, p50Ms, p99Ms, maxMs, cpuMicrosPerRecord, peakRssBytes })}\n`
            : `${name.padEnd(10)} half within ${p50Ms} ms, 99 of 100 within ${p99Ms} ms, all ${delays.length} within ${maxMs} ms\n`,
        );
      }
    }),
  );
};
