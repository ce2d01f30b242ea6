import type { StartOptions } from "./component.ts";
import { kafkaLibraries } from "./kafka-libraries.ts";
import { KafkaNode } from "./kafka-node.ts";
import { commonSettings, type KafkaSettings, kraftSettings, shareSettings } from "./kafka-settings.ts";
import { needsZookeeper, wantedKafka } from "./kafka-versions.ts";
import { onFreePorts } from "./on-free-ports.ts";
import { randomKafkaId } from "./random-kafka-id.ts";

export interface KafkaClusterOptions extends StartOptions {
  /** How many; 3. */
  readonly brokers?: number;
  /** 3.0 or later; the newest unless `MILLRACE_KAFKA` names another. */
  readonly version?: string;
  /** Broker settings beside the usual ones. */
  readonly overrides?: KafkaSettings;
}

/** One broker of a cluster. */
export interface ClusterBroker {
  /** Its id in the cluster: 1, 2, ... */
  readonly node: number;
  /** `host:port`. */
  readonly address: string;
  /** Process id of its JVM; undefined while it does not run. */
  readonly pid: number | undefined;
  /** SIGKILL. Resolves when it is gone. */
  kill(): Promise<void>;
  /** Starts it again, on the data that it has and where it was. Resolves when it answers. */
  restart(): Promise<void>;
  /** SIGSTOP: it holds its connections and answers nothing. */
  freeze(): void;
  /** SIGCONT. */
  thaw(): void;
}

export interface KafkaCluster {
  /** Addresses of all brokers. */
  readonly addresses: readonly string[];
  readonly brokers: readonly ClusterBroker[];
  /** Ends all of it and removes the data. */
  stop(): Promise<void>;
}

/**
 * Several real brokers on the JVM, each also a controller (KRaft): topics have as many replicas as there are brokers, at
 * most 3, and take writes while 2 of them are in sync. A broker that dies is noticed within 3 seconds.
 */
export const startKafkaCluster = async ({
  brokers: count = 3,
  version = wantedKafka(),
  overrides = {},
  ...options
}: KafkaClusterOptions = {}): Promise<KafkaCluster> => {
  if (needsZookeeper(version))
    throw new Error(`a cluster of Kafka ${version} is not to be had: 3.0 or later`);
  const libraries = await kafkaLibraries(version, options);
  options.onProgress?.(`kafka ${version}: starting ${count} brokers on the JVM`);
  const clusterId = randomKafkaId();
  const replicas = Math.min(3, count);
  return onFreePorts(2 * count, async (ports) => {
    const voters = Array.from({ length: count }, (_, n) => `${n + 1}@127.0.0.1:${ports[count + n]}`).join(
      ",",
    );
    const nodes = await Promise.all(
      Array.from({ length: count }, (_, n) =>
        KafkaNode.prepare(
          version,
          libraries,
          {
            ...kraftSettings(n + 1, ports[n] ?? 0, ports[count + n] ?? 0, voters),
            ...commonSettings(replicas),
            ...(!version.startsWith("3.") && shareSettings(replicas)),
            "default.replication.factor": `${replicas}`,
            "min.insync.replicas": `${Math.min(2, replicas)}`,
            "broker.session.timeout.ms": "3000",
            "broker.heartbeat.interval.ms": "500",
            ...overrides,
          },
          clusterId,
        ),
      ),
    );
    const stop = async (): Promise<void> => {
      await Promise.all(nodes.map((node) => node.stop()));
    };
    try {
      // None of them answers before most of them are there.
      await Promise.all(nodes.map((node) => node.start()));
    } catch (error) {
      await stop();
      throw error;
    }
    return {
      addresses: nodes.map(({ port }) => `127.0.0.1:${port}`),
      brokers: nodes.map((node, n) => ({
        node: n + 1,
        address: `127.0.0.1:${node.port}`,
        get pid() {
          return node.pid;
        },
        kill: () => node.kill(),
        restart: () => node.start(),
        freeze: () => node.freeze(),
        thaw: () => node.thaw(),
      })),
      stop,
    };
  });
};
