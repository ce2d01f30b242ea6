import type { TestProject } from "vitest/node";
import { startKafka } from "./kafka.ts";
import { startMongo } from "./mongo.ts";
import { startRegistry } from "./registry.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** `host:port` of a Kafka broker; "" when it is only simulated. */
    readonly kafka: string;
    /** URL of a schema registry. */
    readonly registry: string;
    /** Connection string of a MongoDB; "" when there is none. */
    readonly mongo: string;
  }
}

/** Starts Kafka, a registry and MongoDB once for all tests of a vitest project, and stops them after the last. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const [kafka, registry, mongo] = await Promise.all([startKafka(), startRegistry(), startMongo()]);
  project.provide("kafka", kafka.address);
  project.provide("registry", registry.address);
  project.provide("mongo", mongo.address);
  return async () => {
    await Promise.all([kafka.stop(), registry.stop(), mongo.stop()]);
  };
}
