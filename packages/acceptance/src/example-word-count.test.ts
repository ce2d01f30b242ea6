import { randomUUID } from "node:crypto";
import { kafka, noHeaders } from "@millrace/streams";
import { expect, inject, test } from "vitest";
import { Program } from "./program.ts";
import { until } from "./venue-client.ts";
import { followTopic } from "@millrace/devstack";
import { counts, lines } from "../../../examples/word-count/word-count.ts";

const main = new URL("../../../examples/word-count/main.ts", import.meta.url);

test("counts words, stops cleanly, and counts on after a restart", async () => {
  const environment = { KAFKA_BROKERS: inject("kafka") };
  const transport = kafka({ brokers: [inject("kafka")] });
  await transport.connect();
  // Words of this run's own, should the broker be one that stays.
  const word = randomUUID().replaceAll("-", "");
  const send = async (line: string): Promise<void> => {
    const producer = await transport.createProducer({ transactionTimeoutMs: 10_000, compression: "none" });
    await producer.prepareTopics([lines.name]);
    producer.append(lines.name, 0, null, lines.value.serialize(line), Date.now(), noHeaders);
    await producer.flush();
    await producer.close();
  };
  const found = new Map<string, number>();
  for (const expected of [2, 4]) {
    const service = new Program(main, environment);
    try {
      await until(
        () => service.output.includes("running"),
        () => service.output,
      );
      await send(`A ${word}, a ${word.toUpperCase()}!`);
      const reader = await followTopic(transport, counts, ({ key, value }) => found.set(key, value));
      await until(
        () => found.get(word) === expected,
        () => `${service.output}${found.get(word)}`,
      );
      await reader.close();
    } finally {
      service.kill("SIGTERM");
    }
    expect(await service.exit()).toBe(0);
    expect(service.output).toContain("stopped");
  }
  await transport.close();
});
