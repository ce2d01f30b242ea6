import { execFile } from "node:child_process";
import { mkdtemp, readdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Component, StartOptions } from "./component.ts";
import { cached, checkJvm, maven } from "./maven-cache.ts";
import { onFreePorts } from "./on-free-ports.ts";
import { Supervised, untilReady } from "./supervised.ts";

const registryVersion = "3.0.9";

const run = promisify(execFile);

/** Apicurio Registry from Maven Central, in memory; it speaks Confluent's API under /apis/ccompat/v7. */
export const registryOnJvm = async ({ onProgress }: StartOptions): Promise<Component> => {
  await checkJvm();
  const home = await cached(`registry-${registryVersion}`, async (folder) => {
    onProgress?.(`schema registry (Apicurio ${registryVersion}): downloading with Maven`);
    await maven(
      folder,
      "dependency:copy",
      `-Dartifact=io.apicurio:apicurio-registry-app:${registryVersion}:tar.gz:all`,
      "-DoutputDirectory=.",
    );
    const archive = (await readdir(folder)).find((file) => file.endsWith(".tar.gz"));
    if (archive === undefined) throw new Error("Maven downloaded no archive of the registry");
    await run("tar", ["xzf", archive], { cwd: folder });
    await run("rm", [archive], { cwd: folder });
  });
  onProgress?.(`schema registry (Apicurio ${registryVersion}): starting on the JVM`);
  return onFreePorts(2, async ([port = 0, managementPort = 0]) => {
    const folder = await mkdtemp(join(tmpdir(), "millrace-registry-"));
    const running = await Supervised.start(folder, "java", [
      "-XX:+UseSerialGC",
      "-XX:TieredStopAtLevel=1",
      "-Xmx512m",
      `-Dquarkus.http.port=${port}`,
      `-Dquarkus.management.port=${managementPort}`,
      "-Dquarkus.http.host=127.0.0.1",
      "-cp",
      `${home}/apicurio-registry-app-${registryVersion}-runner.jar:${home}/lib/*`,
      "io.quarkus.runner.GeneratedMain",
    ]);
    const url = `http://127.0.0.1:${port}/apis/ccompat/v7`;
    await untilReady(
      "the schema registry",
      running,
      async () => (await fetch(`${url}/subjects`)).status === 200,
    );
    return {
      name: "registry",
      rung: "jvm",
      address: url,
      detail: `Apicurio Registry ${registryVersion} on the JVM`,
      pid: running.pid,
      stop: () => running.stop(),
    };
  });
};
