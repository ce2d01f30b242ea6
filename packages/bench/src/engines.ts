import { execFile } from "node:child_process";
import { copyFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { cached, checkJvm, maven } from "@millrace/devstack";
import { bookingEventFile, hourlyTotalFile } from "./hourly-topics.ts";
import type { Job, Measurement } from "./measurement.ts";

const run = promisify(execFile);
const inJvm = (file: string): string => fileURLToPath(new URL(`../jvm/${file}`, import.meta.url));
const millraceMain = fileURLToPath(new URL("./hourly-millrace.ts", import.meta.url));

/** Runs a job in a process of its own. */
export type Engine = (job: Job) => Promise<Measurement>;

const measured = async (command: string, args: readonly string[]): Promise<Measurement> => {
  const { stdout, stderr } = await run(command, args, { maxBuffer: 64 * 1024 * 1024 });
  if (stderr !== "") process.stderr.write(stderr);
  return JSON.parse(stdout.trim().split("\n").at(-1) ?? "") as Measurement;
};

/** `nodeOptions` go to the process, `--cpu-prof` for one. */
export const millrace =
  (nodeOptions: readonly string[]): Engine =>
  (job) =>
    measured(process.execPath, [
      "--conditions=@millrace/source",
      ...nodeOptions,
      millraceMain,
      JSON.stringify(job),
    ]);

/** JVM Kafka Streams 4.4.0 from Maven Central: RocksDB, one stream thread, defaults otherwise. */
export const jvm = async (onProgress: (line: string) => void): Promise<Engine> => {
  await checkJvm();
  const libraries = await cached("kafka-streams-4.4.0", async (folder) => {
    onProgress("Kafka Streams 4.4.0: downloading with Maven");
    await copyFile(inJvm("pom.xml"), join(folder, "pom.xml"));
    await maven(folder, "dependency:copy-dependencies", "-DoutputDirectory=libs");
  });
  return async (job) => {
    const folder = await mkdtemp(join(tmpdir(), "millrace-bench-"));
    try {
      const classpath = `${folder}:${libraries}/libs/*`;
      await run("javac", ["-cp", classpath, "-d", folder, inJvm("HourlyAggregation.java")]);
      return await measured("java", [
        "-cp",
        classpath,
        "HourlyAggregation",
        job.brokers,
        job.input,
        job.output,
        job.applicationId,
        String(job.records),
        job.guarantee,
        join(folder, "state"),
        bookingEventFile,
        hourlyTotalFile,
      ]);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  };
};
