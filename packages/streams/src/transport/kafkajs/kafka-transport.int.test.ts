import { test } from "vitest";
import { transportContract } from "../../testing/transport-contract.ts";
import { kafka } from "./kafka-transport.ts";

const brokers = [process.env["KB"] ?? ""];

transportContract(
  "kafka",
  async () => {
    const transport = kafka({ brokers });
    await transport.connect();
    return { transport, close: () => transport.close() };
  },
  (name, body) => test(name, { timeout: 90_000 }, body),
);
