import { inject } from "vitest";

/** Where Kafka, the registry and MongoDB of these tests are. */
export const servers = () => ({
  kafka: inject("kafka"),
  registry: inject("registry"),
  mongo: inject("mongo"),
});
