import type { TestProject } from "vitest/node";
import { buildPackages } from "./build-packages.ts";
import { startKafka } from "./kafka.ts";
import { startMongo } from "./mongo.ts";
import { startRegistry } from "./registry.ts";
import { startSecantus } from "./secantus.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** `host:port` of a Kafka broker; "" when it is only simulated. */
    readonly kafka: string;
    /** URL of a schema registry. */
    readonly registry: string;
    /** Connection string of a MongoDB; "" when there is none. */
    readonly mongo: string;
    /** Of one more that is no replica set, and has no transactions; "" when `mongo` is such a one, or is not ours. */
    readonly mongoStandalone: string;
  }
}

/** Starts Kafka, a registry and MongoDB once for all tests of a vitest project, builds the binaries, and stops after the last. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const [kafka, registry, mongo] = await Promise.all([
    startKafka(),
    startRegistry(),
    startMongo(),
    buildPackages(),
  ]);
  const components = [kafka, registry, mongo];
  const another = mongo.rung === "python" && mongo.address.includes("directConnection");
  const standalone = another ? await startSecantus({ standalone: true }) : undefined;
  if (standalone !== undefined) components.push(standalone);
  // A line each, so that nobody takes a simulated one, or one without transactions, for another.
  for (const { name, detail } of components) process.stderr.write(`${name}: ${detail}\n`);
  project.provide("kafka", kafka.address);
  project.provide("registry", registry.address);
  project.provide("mongo", mongo.address);
  project.provide("mongoStandalone", standalone?.address ?? "");
  return async () => {
    await Promise.all(components.map((component) => component.stop()));
  };
}
