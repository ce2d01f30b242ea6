import { randomBytes } from "node:crypto";

/** An id for a new cluster in KRaft mode, or for a broker's folder: 16 bytes, as Kafka writes them (its `Uuid`). */
export const randomKafkaId = (): string => {
  const id = randomBytes(16).toString("base64url");
  // Kafka makes none like this: it would be taken for an option on a command line.
  return id.startsWith("-") ? randomKafkaId() : id;
};
