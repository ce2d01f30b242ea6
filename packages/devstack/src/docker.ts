import type * as Testcontainers from "testcontainers";
import type { Component, StartOptions } from "./component.ts";

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
  onProgress?.("kafka 4.1.1: starting in Docker");
  const { KafkaContainer } = await import("@testcontainers/kafka");
  const container = await new KafkaContainer("confluentinc/cp-kafka:8.1.0").withKraft().start();
  return {
    name: "kafka",
    rung: "docker",
    address: `${container.getHost()}:${container.getMappedPort(9093)}`,
    detail: "Kafka in Docker",
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
