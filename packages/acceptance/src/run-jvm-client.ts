import { execFile } from "node:child_process";
import { copyFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { cached, maven } from "@millrace/devstack";

const run = promisify(execFile);

/** Runs a program of `jvm/` with the JVM's own client, in the version of the broker that the tests run on. */
export const runJvmClient = async (program: string, args: readonly string[]): Promise<void> => {
  const folder = await cached("kafka-clients-4.4.0", async (into) => {
    await copyFile(new URL("../jvm/clients.pom.xml", import.meta.url), join(into, "pom.xml"));
    await maven(into, "dependency:copy-dependencies", "-DoutputDirectory=libs");
  });
  const source = fileURLToPath(new URL(`../jvm/${program}.java`, import.meta.url));
  const jvm = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp", `${folder}/libs/*`];
  await run("java", [...jvm, source, ...args], { timeout: 120_000 });
};
