import { execFile } from "node:child_process";
import { copyFile, mkdtemp, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { Component, StartOptions } from "./component.ts";
import { cached, checkJvm, maven } from "./maven-cache.ts";
import { onFreePorts } from "./on-free-ports.ts";
import { Supervised, untilReady } from "./supervised.ts";

const kafkaVersion = "4.1.1";

const run = promisify(execFile);
const jvmFolder = (file: string): string => fileURLToPath(new URL(`../jvm/${file}`, import.meta.url));

/** Apache Kafka from Maven Central: one node in KRaft mode, on free ports, its data in a folder that goes with it. */
export const kafkaOnJvm = async (
  { onProgress }: StartOptions,
  overrides: Readonly<Record<string, string>> = {},
): Promise<Component> => {
  await checkJvm();
  const libraries = await cached(`kafka-${kafkaVersion}`, async (folder) => {
    onProgress?.(`kafka ${kafkaVersion}: downloading with Maven`);
    await copyFile(jvmFolder("kafka.pom.xml"), join(folder, "pom.xml"));
    await maven(folder, "dependency:copy-dependencies", "-DoutputDirectory=libs");
  });
  onProgress?.(`kafka ${kafkaVersion}: starting on the JVM`);
  return onFreePorts(2, async ([freePort = 0, controllerPort = 0]) => {
    const folder = await mkdtemp(join(tmpdir(), "millrace-kafka-"));
    const settings = { ...serverProperties(freePort, controllerPort), ...overrides };
    const port = firstPort(settings["listeners"] ?? "");
    await writeFile(
      join(folder, "server.properties"),
      Object.entries(settings)
        .map(([name, value]) => `${name}=${value}\n`)
        .join(""),
    );
    await copyFile(jvmFolder("log4j2.xml"), join(folder, "log4j2.xml"));
    const java = ["-Dlog4j2.configurationFile=log4j2.xml", "-cp", `${libraries}/libs/*`];
    const { stdout } = await run("java", [...java, "kafka.tools.StorageTool", "random-uuid"], {
      cwd: folder,
    });
    await run(
      "java",
      [...java, "kafka.tools.StorageTool", "format", "-t", stdout.trim(), "-c", "server.properties"],
      {
        cwd: folder,
      },
    );
    const running = await Supervised.start(folder, "java", [
      "-Xmx1g",
      "-XX:+UseSerialGC",
      "-XX:TieredStopAtLevel=1",
      ...java,
      "kafka.Kafka",
      "server.properties",
    ]);
    await untilReady(`Kafka ${kafkaVersion}`, running, () => answersApiVersions(port));
    return {
      name: "kafka",
      rung: "jvm",
      address: `127.0.0.1:${port}`,
      detail: `Apache Kafka ${kafkaVersion} on the JVM`,
      pid: running.pid,
      stop: () => running.stop(),
    };
  });
};

/** Of the listeners, which overrides may have moved. */
const firstPort = (listeners: string): number => Number(/:(\d+)(?:,|$)/.exec(listeners)?.[1]);

const serverProperties = (port: number, controllerPort: number): Readonly<Record<string, string>> => ({
  "process.roles": "broker,controller",
  "node.id": "1",
  "controller.quorum.voters": `1@127.0.0.1:${controllerPort}`,
  listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
  "advertised.listeners": `PLAINTEXT://127.0.0.1:${port}`,
  "controller.listener.names": "CONTROLLER",
  "log.dirs": "data",
  "offsets.topic.replication.factor": "1",
  "offsets.topic.num.partitions": "4",
  "transaction.state.log.replication.factor": "1",
  "transaction.state.log.min.isr": "1",
  "transaction.state.log.num.partitions": "4",
  "share.coordinator.state.topic.replication.factor": "1",
  "share.coordinator.state.topic.min.isr": "1",
  "group.initial.rebalance.delay.ms": "0",
  "group.min.session.timeout.ms": "1000",
  "num.network.threads": "2",
  "num.io.threads": "4",
  "auto.create.topics.enable": "false",
  "log.cleaner.backoff.ms": "2000",
});

/** A round trip of the protocol's first request: the broker serves, not just listens. */
const answersApiVersions = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    const done = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(1_000, () => done(false));
    socket.on("error", () => done(false));
    socket.on("connect", () => {
      // size, ApiVersions (18) v0, correlation id 1, null client id
      socket.write(Buffer.from("0000000a0012000000000001ffff", "hex"));
    });
    socket.on("data", (data) => done(data.length >= 10 && data.readInt16BE(8) === 0));
    socket.on("close", () => resolve(false));
  });
