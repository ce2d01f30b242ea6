import { kafka, noHeaders, type Transport } from "@millrace/streams";
import { expect, test } from "vitest";
import { startKafkaCluster } from "./kafka-cluster.ts";
import { hasJvm } from "./maven-cache.ts";

test.skipIf(!(await hasJvm()))(
  "a cluster goes on while one of its three brokers is dead or frozen, and has it back",
  { timeout: 180_000 },
  async () => {
    const cluster = await startKafkaCluster();
    const transport = kafka({ brokers: cluster.addresses });
    try {
      await transport.connect();
      await transport.createTopics([{ topic: "t", partitions: 3, configs: {} }]);
      const config = await transport.describeTopicConfig("t");
      expect(config.get("min.insync.replicas")).toBe("2");

      const [first, second] = cluster.brokers;
      const { pid } = first ?? {};
      await first?.kill();
      expect(first?.pid).toBeUndefined();
      await write(transport, 3);
      await first?.restart();
      expect(first?.pid).not.toBe(pid);

      second?.freeze();
      await write(transport, 3);
      second?.thaw();
      await write(transport, 3);
      expect(await ends(transport)).toEqual([3, 3, 3]);
    } finally {
      await transport.close();
      await cluster.stop();
    }
  },
);

/** One record into each partition. */
const write = async (transport: Transport, partitions: number): Promise<void> => {
  const producer = await transport.createProducer({ transactionTimeoutMs: 10_000, compression: "none" });
  await producer.prepareTopics(["t"]);
  for (let partition = 0; partition < partitions; partition++)
    producer.append("t", partition, null, Buffer.from("v"), 0, noHeaders);
  await producer.flush();
  await producer.close();
};

const ends = async (transport: Transport): Promise<readonly number[]> => {
  const partitions = [0, 1, 2].map((partition) => ({ topic: "t", partition }));
  return (await transport.listOffsets(partitions, "latest", true)).map(({ offset }) => offset);
};
