import { inject, test } from "vitest";
import { transportContract } from "../../testing/transport-contract.ts";
import { kafka } from "./kafka-transport.ts";

transportContract(
  "kafka",
  async () => {
    const transport = kafka({ brokers: [inject("kafka")] });
    await transport.connect();
    return { transport, close: () => transport.close() };
  },
  // oxlint-disable-next-line vitest/valid-title, vitest/expect-expect -- the contract names its tests and asserts
  (name, body) => test(name, { timeout: 90_000 }, body),
);
