import type { TestProject } from "vitest/node";
import { startKafka } from "./kafka.ts";
import { startRegistry } from "./registry.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** `host:port` of a Kafka broker; "" when it is only simulated. */
    readonly kafka: string;
    /** URL of a schema registry. */
    readonly registry: string;
  }
}

/** Starts Kafka and a registry once for all tests of a vitest project, and stops them after the last. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const [kafka, registry] = await Promise.all([startKafka(), startRegistry()]);
  project.provide("kafka", kafka.address);
  project.provide("registry", registry.address);
  return async () => {
    await Promise.all([kafka.stop(), registry.stop()]);
  };
}
