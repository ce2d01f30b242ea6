import type { Component, StartOptions } from "./component.ts";
import { kafkaLibraries } from "./kafka-libraries.ts";
import { KafkaNode } from "./kafka-node.ts";
import { commonSettings, type KafkaSettings, kraftSettings, shareSettings } from "./kafka-settings.ts";
import { needsZookeeper, wantedKafka } from "./kafka-versions.ts";
import { onFreePorts } from "./on-free-ports.ts";
import { randomKafkaId } from "./random-kafka-id.ts";
import { startZookeeper } from "./zookeeper.ts";

/**
 * Apache Kafka from Maven Central: one node, on free ports, its data in a folder that goes with it. In KRaft mode, or with
 * a ZooKeeper beside it where the version needs one.
 */
export const kafkaOnJvm = async (
  options: StartOptions,
  overrides: KafkaSettings = {},
  version: string = wantedKafka(),
): Promise<Component> => {
  const libraries = await kafkaLibraries(version, options);
  options.onProgress?.(`kafka ${version}: starting on the JVM`);
  return onFreePorts(2, async ([port = 0, otherPort = 0]) => {
    const { node, stop } = needsZookeeper(version)
      ? await withZookeeper(version, libraries, port, otherPort, overrides)
      : await withKraft(version, libraries, port, otherPort, overrides);
    return {
      name: "kafka",
      rung: "jvm",
      address: `127.0.0.1:${node.port}`,
      detail: `Apache Kafka ${version} on the JVM`,
      pid: node.pid,
      stop,
    };
  });
};

interface Started {
  readonly node: KafkaNode;
  readonly stop: () => Promise<void>;
}

const withKraft = async (
  version: string,
  libraries: string,
  port: number,
  controllerPort: number,
  overrides: KafkaSettings,
): Promise<Started> => {
  const settings = {
    ...kraftSettings(1, port, controllerPort, `1@127.0.0.1:${controllerPort}`),
    ...commonSettings(1),
    ...(!version.startsWith("3.") && shareSettings(1)),
    ...overrides,
  };
  const node = await KafkaNode.prepare(version, libraries, settings, randomKafkaId());
  await node.start();
  return { node, stop: () => node.stop() };
};

const withZookeeper = async (
  version: string,
  libraries: string,
  port: number,
  zookeeperPort: number,
  overrides: KafkaSettings,
): Promise<Started> => {
  const zookeeper = await startZookeeper(libraries, zookeeperPort);
  try {
    const settings = {
      "broker.id": "1",
      "zookeeper.connect": `127.0.0.1:${zookeeperPort}`,
      listeners: `PLAINTEXT://127.0.0.1:${port}`,
      ...commonSettings(1),
      ...overrides,
    };
    const node = await KafkaNode.prepare(version, libraries, settings);
    await node.start();
    return {
      node,
      stop: async () => {
        await node.stop();
        await zookeeper.stop();
      },
    };
  } catch (error) {
    await zookeeper.stop();
    throw error;
  }
};
