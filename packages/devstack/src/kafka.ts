import type { Component, StartOptions } from "./component.ts";
import { kafkaInDocker, noDocker } from "./docker.ts";
import { kafkaOnJvm } from "./kafka-jvm.ts";
import { climb } from "./ladder.ts";

export interface KafkaStartOptions extends StartOptions {
  /** Broker settings beside the usual ones; on the JVM only. */
  readonly overrides?: Readonly<Record<string, string>>;
}

/** Starts Kafka, or finds the one that `KAFKA_BROKERS` names. Simulated: the caller brings a simulated cluster. */
export const startKafka = ({ overrides, ...options }: KafkaStartOptions = {}): Promise<Component> =>
  climb(
    "Kafka",
    [
      {
        rung: "given",
        missing: "KAFKA_BROKERS is not set",
        start: async () => {
          const brokers = process.env["KAFKA_BROKERS"];
          if (brokers === undefined || brokers === "") return null;
          return {
            name: "kafka",
            rung: "given",
            address: brokers,
            detail: "KAFKA_BROKERS",
            stop: async () => undefined,
          };
        },
      },
      { rung: "docker", start: kafkaInDocker, missing: noDocker },
      { rung: "jvm", start: (start) => kafkaOnJvm(start, overrides) },
      {
        rung: "simulated",
        start: async () => ({
          name: "kafka",
          rung: "simulated",
          address: "",
          detail: "a cluster simulated in this process",
          stop: async () => undefined,
        }),
      },
    ],
    options,
  );
