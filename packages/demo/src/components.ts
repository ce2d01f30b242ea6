import { type Component, startKafka, startMongo, startRegistry } from "@millrace/devstack";
import { kafka, type Transport } from "@millrace/streams";
import { simulatedCluster } from "@millrace/streams/testing";

/** What the demo runs on. */
export interface DemoComponents {
  readonly broker: Component;
  readonly registry: Component;
  readonly mongo: Component;
  /** A client of its own at each call. */
  readonly transport: () => Transport;
}

/** Starts them on whatever rung there is, and tells. What it started is handed to `onStarted`, also if another fails. */
export const startComponents = async (
  say: (line: string) => void,
  onStarted: (stop: () => Promise<unknown>) => void,
): Promise<DemoComponents> => {
  const options = { onProgress: say };
  const started = await Promise.allSettled([
    startKafka(options),
    startRegistry(options),
    startMongo(options),
  ]);
  for (const result of started) if (result.status === "fulfilled") onStarted(() => result.value.stop());
  const [broker, registry, mongo] = started.map((result) => {
    if (result.status === "rejected") throw result.reason;
    return result.value;
  }) as [Component, Component, Component];
  for (const { name, rung, address, detail } of [broker, registry, mongo])
    say(`  ${name.padEnd(9)} ${rung.padEnd(10)} ${address.replace(/\/\/.*@/, "//").padEnd(45)} ${detail}`);
  if (broker.rung !== "simulated")
    return { broker, registry, mongo, transport: () => kafka({ brokers: broker.address.split(",") }) };
  const cluster = simulatedCluster();
  onStarted(() => Promise.resolve(cluster.close()));
  return { broker, registry, mongo, transport: () => cluster.transport() };
};
