import { test } from "vitest";
import { transportContract } from "../transport-contract.ts";
import { VirtualClock } from "../virtual-clock.ts";
import { simulatedCluster } from "./simulated-cluster.ts";

const clock = new VirtualClock({ seed: 1 });
const cluster = simulatedCluster({
  clock,
  latencyMs: () => 1 + clock.random() * 3,
  markerMs: () => clock.random() * 20,
});

transportContract(
  "the simulated cluster",
  async () => {
    const transport = cluster.transport();
    await transport.connect();
    return {
      transport,
      close: () => transport.close(),
      pass: (ms) => new Promise((resolve) => void clock.setTimeout(resolve, ms)),
      now: () => clock.now(),
      deleteTopic: (topic) => Promise.resolve(cluster.brokers.deleteTopic(topic)),
      addPartitions: (topic, partitions) => Promise.resolve(cluster.brokers.addPartitions(topic, partitions)),
      compact: (topic) => Promise.resolve(cluster.compact(topic)),
    };
  },
  // oxlint-disable-next-line vitest/valid-title, vitest/expect-expect -- the contract names its tests and asserts
  (name, body) => test(name, { timeout: 30_000 }, () => clock.run(body(), 600_000)),
);
