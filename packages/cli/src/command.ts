import { kafka, type Transport } from "@millrace/streams";
import { kafkaSettings } from "./kafka-settings.ts";

/** A command of `millrace`: its arguments come without its name. */
export interface Command {
  /** What it is for, on the line of `millrace --help` that lists it. */
  readonly summary: string;
  /** Its lines of `--help`: usage first. */
  readonly help: string;
  /** Whether it asks Kafka, or can. */
  readonly connects: boolean;
  readonly run: (args: readonly string[]) => Promise<void>;
}

export const print = (lines: readonly string[]): void => void process.stdout.write(`${lines.join("\n")}\n`);

/** Options that every command with a connection has. */
export const connectionOptions = { brokers: { type: "string" } } as const;

/** Runs while it is connected to the brokers of `--brokers`, or `KAFKA_BROKERS`. */
export const withTransport = async (
  brokers: string | undefined,
  run: (transport: Transport) => Promise<void>,
): Promise<void> => {
  const transport = kafka(kafkaSettings(brokers, process.env));
  await transport.connect();
  try {
    await run(transport);
  } finally {
    await transport.close();
  }
};
