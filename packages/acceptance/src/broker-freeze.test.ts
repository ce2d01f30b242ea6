import { hasJvm, kafkaOnJvm } from "@millrace/devstack";
import {
  count,
  createApp,
  groupByKey,
  kafka,
  long,
  noHeaders,
  stream,
  string,
  to,
  topic,
  topology,
  toStream,
  type Transport,
} from "@millrace/streams";
import { expect, test } from "vitest";
import { followTopic } from "@millrace/devstack";
import { until } from "./venue-client.ts";

const words = topic("words", { key: string(), value: string() });
const counts = topic("counts", { key: string(), value: long() });
const keys = 20;
const perRound = 2_000;

const send = async (transport: Transport): Promise<void> => {
  const producer = await transport.createProducer({ transactionTimeoutMs: 10_000, compression: "none" });
  await producer.prepareTopics([words.name]);
  for (let n = 0; n < perRound; n++)
    producer.append(words.name, n % 2, Buffer.from(`w${n % keys}`), Buffer.from(""), n, noHeaders);
  await producer.flush();
  await producer.close();
};

/** Needs a broker of its own: the others must not stand still. */
test.skipIf(!(await hasJvm()))(
  "a broker that stands still for longer than the session loses and doubles nothing",
  async () => {
    const broker = await kafkaOnJvm({});
    const { pid } = broker;
    if (pid === undefined) throw new Error("the broker has no process here");
    const options = { brokers: [broker.address] };
    const client = kafka(options);
    const app = createApp(
      topology("frozen", stream(words).pipe(groupByKey(), count({ store: "c" }), toStream(), to(counts))),
      { transport: kafka(options), sessionTimeoutMs: 3_000, heartbeatIntervalMs: 500, commitIntervalMs: 50 },
    );
    try {
      await client.connect();
      await client.createTopics(
        [words, counts].map(({ name }) => ({
          topic: name,
          partitions: 2,
          configs: { "retention.ms": "-1" },
        })),
      );
      const seen = new Map<string, number[]>();
      const reader = await followTopic(client, counts, ({ key, value }) => {
        const values = seen.get(key) ?? [];
        seen.set(key, values);
        values.push(value);
      });
      const total = (): number => [...seen.values()].reduce((sum, values) => sum + (values.at(-1) ?? 0), 0);
      await app.start();
      let expected = 0;
      for (let round = 0; round < 2; round++) {
        await send(client);
        expected += perRound;
        // In the middle of transactions: some records are out, their commit is not.
        process.kill(pid, "SIGSTOP");
        await new Promise((resolve) => setTimeout(resolve, 5_000));
        process.kill(pid, "SIGCONT");
        await until(
          () => total() === expected,
          () => `counted ${total()} of ${expected}; ${app.state} ${String(app.failure)}`,
          60_000,
        );
      }
      for (const [key, values] of seen)
        expect(values, key).toEqual([...new Set(values)].toSorted((a, b) => a - b));
      expect(app.state).toBe("running");
      await reader.close();
    } finally {
      await app.stop().catch(() => undefined);
      await client.close();
      await broker.stop();
    }
  },
);
