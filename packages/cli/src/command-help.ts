import type { Command } from "./command.ts";

/** How to get there is the same for all, and listed once. */
const connecting = `  KAFKA_BROKERS or --brokers says where Kafka is. millrace --help lists how to get in (TLS, SASL), and how a schema registry
  is reached.`;

/** What `millrace COMMAND --help` says. */
export const commandHelp = ({ help, connects }: Command): string =>
  connects ? `${help}\n\n${connecting}` : help;
