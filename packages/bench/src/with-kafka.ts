import { type Component, startKafka } from "@millrace/devstack";
import { kafka, type Transport } from "@millrace/streams";
import { checkReal } from "./check-real.ts";
import { say } from "./say.ts";

interface StartedKafka {
  readonly broker: Component;
  /** Connected. */
  readonly transport: Transport;
}

/** Lets `use` have a real Kafka, which is stopped after. */
export const withKafka = async (use: (started: StartedKafka) => Promise<void>): Promise<void> => {
  const broker = await startKafka({ onProgress: say });
  const transport = kafka({ brokers: broker.address.split(",") });
  try {
    checkReal([broker]);
    await transport.connect();
    await use({ broker, transport });
  } finally {
    await transport.close();
    await broker.stop();
  }
};
