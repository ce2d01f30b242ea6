import type { Engine } from "./engine.ts";
import { hourlyArguments } from "./hourly-arguments.ts";
import { quix } from "./hourly-quix.ts";
import { jvmEngine } from "./jvm-engine.ts";
import type { HourlyJob } from "./hourly-job.ts";
import { nodeEngine } from "./node-engine.ts";

/** The engine of that name for the hourly aggregation; throws where there is none. */
export const hourlyEngine = (name: string, nodeOptions: readonly string[]): Engine<HourlyJob> => {
  if (name === "millrace") return nodeEngine("hourly-millrace", nodeOptions);
  if (name === "jvm") return jvmEngine("HourlyAggregation", hourlyArguments);
  if (name === "quix") return quix;
  if (name === "kafkajs") return nodeEngine("hourly-kafkajs", []);
  throw new Error(`--engines has "${name}"; it can have millrace, jvm, quix and kafkajs`);
};
