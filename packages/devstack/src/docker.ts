import type * as Testcontainers from "testcontainers";
import { freePorts } from "./free-port.ts";
import { newestKafka } from "./kafka-versions.ts";
import type { Component, StartOptions } from "./component.ts";

/** Where nothing but Docker will do. */
export const noDocker: string =
  "no Docker engine answers: start one (`docker info` says whether it runs, DOCKER_HOST where it is), or unset the " +
  "variable, and the next rung is taken: JDK 17 and Maven, then nothing real";

/** The engine, if one runs; `docker --version` would answer even without. */
const engine = async (): Promise<typeof Testcontainers | null> => {
  const testcontainers = await import("testcontainers");
  try {
    await testcontainers.getContainerRuntimeClient();
    return testcontainers;
  } catch {
    // No engine: that is the answer, and the next rung is tried.
    return null;
  }
};

export const kafkaInDocker = async ({ onProgress }: StartOptions): Promise<Component | null> => {
  const docker = await engine();
  if (docker === null) return null;
  onProgress?.(`kafka ${newestKafka}: starting in Docker`);
  const { host } = (await docker.getContainerRuntimeClient()).info.containerRuntime;
  // A broker says where it is to be found: its port must be known before it starts.
  const [port = 0] = await freePorts(1);
  const container = await new docker.GenericContainer(`apache/kafka:${newestKafka}`)
    .withExposedPorts({ container: 9092, host: port })
    .withEnvironment({
      KAFKA_NODE_ID: "1",
      KAFKA_PROCESS_ROLES: "broker,controller",
      KAFKA_CONTROLLER_QUORUM_VOTERS: "1@localhost:9093",
      KAFKA_LISTENERS: "PLAINTEXT://:9092,CONTROLLER://:9093",
      KAFKA_ADVERTISED_LISTENERS: `PLAINTEXT://${host}:${port}`,
      KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
      KAFKA_CONTROLLER_LISTENER_NAMES: "CONTROLLER",
      KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: "1",
      KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR: "1",
      KAFKA_TRANSACTION_STATE_LOG_MIN_ISR: "1",
      KAFKA_SHARE_COORDINATOR_STATE_TOPIC_REPLICATION_FACTOR: "1",
      KAFKA_SHARE_COORDINATOR_STATE_TOPIC_MIN_ISR: "1",
      KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS: "0",
      KAFKA_GROUP_MIN_SESSION_TIMEOUT_MS: "1000",
      KAFKA_AUTO_CREATE_TOPICS_ENABLE: "false",
      KAFKA_LOG_CLEANER_BACKOFF_MS: "2000",
    })
    .withWaitStrategy(docker.Wait.forLogMessage(/Kafka Server started/))
    .start();
  return {
    name: "kafka",
    rung: "docker",
    address: `${host}:${port}`,
    detail: `Apache Kafka ${newestKafka} in Docker`,
    stop: async () => void (await container.stop()),
  };
};

export const registryInDocker = async ({ onProgress }: StartOptions): Promise<Component | null> => {
  const docker = await engine();
  if (docker === null) return null;
  onProgress?.("schema registry: starting in Docker");
  const container = await new docker.GenericContainer("apicurio/apicurio-registry:3.0.9")
    .withExposedPorts(8080)
    .withWaitStrategy(docker.Wait.forHttp("/apis/ccompat/v7/subjects", 8080))
    .start();
  return {
    name: "registry",
    rung: "docker",
    address: `http://${container.getHost()}:${container.getMappedPort(8080)}/apis/ccompat/v7`,
    detail: "Apicurio Registry 3.0.9 in Docker",
    stop: async () => void (await container.stop()),
  };
};

/** A replica set of one member: transactions need a replica set. */
export const mongoInDocker = async ({ onProgress }: StartOptions): Promise<Component | null> => {
  const docker = await engine();
  if (docker === null) return null;
  onProgress?.("mongo 8: starting in Docker");
  const container = await new docker.GenericContainer("mongo:8")
    .withCommand(["--replSet", "rs0", "--bind_ip_all"])
    .withExposedPorts(27017)
    .withWaitStrategy(docker.Wait.forLogMessage(/Waiting for connections/))
    .start();
  const initiate =
    "rs.initiate({ _id: 'rs0', members: [{ _id: 0, host: '127.0.0.1:27017' }] }); " +
    "while (!db.hello().isWritablePrimary) sleep(100)";
  const { exitCode, output } = await container.exec(["mongosh", "--quiet", "--eval", initiate]);
  if (exitCode !== 0) {
    await container.stop();
    throw new Error(`MongoDB's replica set can't be started: ${output}`);
  }
  return {
    name: "mongo",
    rung: "docker",
    // Direct: the member's own name for itself holds inside the container only.
    address: `mongodb://${container.getHost()}:${container.getMappedPort(27017)}/?directConnection=true`,
    detail: "MongoDB 8 in Docker",
    stop: async () => void (await container.stop()),
  };
};
