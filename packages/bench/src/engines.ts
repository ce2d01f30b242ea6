import { fileURLToPath } from "node:url";
import type { Engine } from "./engine.ts";
import { hourlyArguments } from "./hourly-arguments.ts";
import { withJvmProgram } from "./jvm-program.ts";
import { measuredUntil } from "./measured-until.ts";

const mainOf = (name: string): string => fileURLToPath(new URL(`./hourly-${name}.js`, import.meta.url));

/** Compiled, as applications have it. `nodeOptions` go to the process, `--cpu-prof` for one. */
export const millrace =
  (nodeOptions: readonly string[]): Engine =>
  (job, until) =>
    measuredUntil(process.execPath, [...nodeOptions, mainOf("millrace"), JSON.stringify(job)], until);

/** kafkajs without anything around it, as one would write it by hand: `hourly-kafkajs.ts`. */
export const kafkajs: Engine = (job, until) =>
  measuredUntil(process.execPath, [mainOf("kafkajs"), JSON.stringify(job)], until);

/** JVM Kafka Streams 4.4.0: RocksDB, one stream thread, defaults otherwise. */
export const jvm =
  (onProgress: (line: string) => void): Engine =>
  (job, until) =>
    withJvmProgram("HourlyAggregation", onProgress, ({ classpath, stateFolder }) =>
      measuredUntil(
        "java",
        ["-cp", classpath, "HourlyAggregation", ...hourlyArguments(job, stateFolder)],
        until,
      ),
    );
