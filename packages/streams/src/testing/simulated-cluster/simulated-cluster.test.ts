import { test } from "vitest";
import { transportContract } from "../transport-contract.ts";
import { simulatedCluster } from "./simulated-cluster.ts";

const cluster = simulatedCluster();

transportContract(
  "the simulated cluster",
  async () => {
    const transport = cluster.transport();
    await transport.connect();
    return {
      transport,
      close: () => transport.close(),
      compact: (topic) => Promise.resolve(cluster.compact(topic)),
    };
  },
  // oxlint-disable-next-line vitest/valid-title, vitest/expect-expect -- the contract names its tests and asserts
  (name, body) => test(name, { timeout: 30_000 }, body),
);
