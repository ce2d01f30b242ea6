import type { TestProject } from "vitest/node";
import { kafkaOnJvm } from "./kafka-jvm.ts";

/** Starts just a Kafka on the JVM, of the version that `MILLRACE_KAFKA` names, for all tests of a vitest project. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const kafka = await kafkaOnJvm({});
  project.provide("kafka", kafka.address);
  return () => kafka.stop();
}
