import type { Engine } from "./engine.ts";
import { withJvmProgram } from "./jvm-program.ts";
import { measuredUntil } from "./measured-until.ts";

/** A program on JVM Kafka Streams 4.4.0, `jvm/NAME.java`: RocksDB, one stream thread, defaults otherwise. */
export const jvmEngine =
  <Job>(name: string, argumentsOf: (job: Job, stateFolder: string) => readonly string[]): Engine<Job> =>
  (job, until) =>
    withJvmProgram(name, ({ classpath, stateFolder }) =>
      measuredUntil("java", ["-cp", classpath, name, ...argumentsOf(job, stateFolder)], until),
    );
