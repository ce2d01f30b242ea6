import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFile, mkdtemp, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { accepts } from "./accepts.ts";
import type { Component, StartOptions } from "./component.ts";
import { cached, checkJvm, maven } from "./maven-cache.ts";
import { onFreePorts } from "./on-free-ports.ts";
import { Supervised, untilReady } from "./supervised.ts";

const mongoVersion = "1.47.0";

const run = promisify(execFile);
const jvmFolder = (file: string): string => fileURLToPath(new URL(`../jvm/${file}`, import.meta.url));

/**
 * mongo-java-server from Maven Central, in memory: no registry of packages has mongod itself. It knows neither
 * sessions and transactions, nor updates by a pipeline, and lets no document expire.
 */
export const mongoOnJvm = async ({ onProgress }: StartOptions): Promise<Component> => {
  await checkJvm();
  const source = jvmFolder("MongoMain.java");
  const revision = createHash("sha256")
    .update(await readFile(source))
    .digest("hex")
    .slice(0, 8);
  const home = await cached(`mongo-java-server-${mongoVersion}-${revision}`, async (folder) => {
    onProgress?.(`mongo (mongo-java-server ${mongoVersion}): downloading with Maven`);
    await copyFile(jvmFolder("mongo.pom.xml"), join(folder, "pom.xml"));
    await maven(folder, "dependency:copy-dependencies", "-DoutputDirectory=libs");
    await run("javac", ["-cp", "libs/*", "-d", "classes", source], { cwd: folder });
  });
  onProgress?.(`mongo (mongo-java-server ${mongoVersion}): starting on the JVM`);
  return onFreePorts(1, async ([port = 0]) => {
    const folder = await mkdtemp(join(tmpdir(), "millrace-mongo-"));
    const running = await Supervised.start(folder, "java", [
      "-XX:+UseSerialGC",
      "-Xmx2g",
      "-cp",
      `${home}/classes:${home}/libs/*`,
      "MongoMain",
      String(port),
    ]);
    // It binds its port last.
    await untilReady("MongoDB", running, () => accepts(port));
    return {
      name: "mongo",
      rung: "jvm",
      address: `mongodb://127.0.0.1:${port}`,
      detail: `mongo-java-server ${mongoVersion} on the JVM, without transactions`,
      pid: running.pid,
      stop: () => running.stop(),
    };
  });
};
