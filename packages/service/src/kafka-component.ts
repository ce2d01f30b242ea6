import { type KafkaOptions, TransportError, type Transport } from "@millrace/streams";
import type { Component } from "./component.ts";

/** Kafka itself, as the settings name it. */
export const kafkaComponent = (transport: Transport, { brokers, ssl }: KafkaOptions): Component => {
  const where = "KAFKA_BROKERS, KAFKA_SSL and KAFKA_SASL_MECHANISM say where and how";
  const tls = "KAFKA_SSL_CA says whom to trust, KAFKA_SSL_CERT and KAFKA_SSL_KEY who we are";
  const advice = ssl === undefined || ssl === false ? where : `${where}; ${tls}`;
  return {
    name: "Kafka",
    address: brokers.join(", "),
    advice,
    reach: async () => {
      try {
        await transport.connect();
      } catch (error) {
        if (error instanceof TransportError) throw new Error(`${error.message}: ${advice}`, { cause: error });
        throw error;
      }
    },
  };
};
