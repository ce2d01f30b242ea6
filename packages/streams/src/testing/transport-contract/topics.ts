import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { type Cluster, contractTest, numbered, type RegisterTest } from "./workbench.ts";

export const topicContract = (makeTransport: () => Promise<Cluster>, register: RegisterTest): void => {
  const test = contractTest(makeTransport, register);

  test("describes the topics that are there, leaves out the others, and creates none", async (bench) => {
    const there = await bench.topic(3);
    const missing = `contract-${randomUUID()}`;
    const ids = new Set<string>();
    for (let round = 0; round < 2; round++) {
      const described = await bench.transport.describeTopics([there, missing]);
      const topicId = described.get(there)?.topicId ?? "";
      const replicationFactor = described.get(there)?.replicationFactor ?? 0;
      assert.ok(replicationFactor >= 1);
      assert.deepEqual(
        [...described],
        [[there, { topic: there, topicId, partitions: 3, replicationFactor }]],
      );
      ids.add(topicId);
    }
    const another = await bench.topic();
    ids.add((await bench.transport.describeTopics([another])).get(another)?.topicId ?? "");
    assert.equal(ids.size, 2);
    assert.equal((await bench.transport.describeTopics([])).size, 0);
  });

  test("creates topics with their configuration", async (bench) => {
    const topic = await bench.topic(1, { "cleanup.policy": "compact", "max.message.bytes": "12345" });
    const config = await bench.transport.describeTopicConfig(topic);
    assert.equal(config.get("cleanup.policy"), "compact");
    assert.equal(config.get("max.message.bytes"), "12345");
  });

  test("tells a topic's own configuration from what brokers do with any", async (bench) => {
    const configs = { "cleanup.policy": "compact", "retention.ms": "-1", "segment.bytes": "1048576" };
    const topic = await bench.topic(1, configs);
    assert.deepEqual(Object.fromEntries(await bench.transport.describeTopicConfig(topic, "own")), configs);
    const effective = await bench.transport.describeTopicConfig(topic, "effective");
    assert.equal(effective.get("segment.bytes"), "1048576");
    assert.ok(effective.has("max.message.bytes"));
  });

  test("leaves a topic as it is that is to be created again", async (bench) => {
    const topic = await bench.topic(2, { "cleanup.policy": "compact" });
    const other = `contract-${randomUUID()}`;
    await bench.transport.createTopics([
      { topic, partitions: 5, configs: { "cleanup.policy": "delete" } },
      { topic: other, partitions: 1, configs: {} },
    ]);
    const described = await bench.transport.describeTopics([topic, other]);
    assert.equal(described.get(topic)?.partitions, 2);
    assert.equal(described.get(other)?.partitions, 1);
    assert.equal((await bench.transport.describeTopicConfig(topic)).get("cleanup.policy"), "compact");
  });

  test("tells the first offset and the end of each partition", async (bench) => {
    const topic = await bench.topic(2);
    await bench.write(topic, numbered(1, 5), 1);
    const partitions = [
      { topic, partition: 1 },
      { topic, partition: 0 },
    ];
    const latest = await bench.transport.listOffsets(partitions, "latest", false);
    assert.deepEqual(latest, [
      { partition: { topic, partition: 1 }, offset: 5 },
      { partition: { topic, partition: 0 }, offset: 0 },
    ]);
    const earliest = await bench.transport.listOffsets(partitions, "earliest", false);
    assert.deepEqual(
      earliest.map(({ offset }) => offset),
      [0, 0],
    );
  });

  test("finds the first record of a time, and says where there is none", async (bench) => {
    const topic = await bench.topic(2);
    await bench.write(topic, numbered(1, 3), 1);
    const at = async (time: number): Promise<readonly number[]> =>
      (
        await bench.transport.listOffsets(
          [
            { topic, partition: 0 },
            { topic, partition: 1 },
          ],
          time,
          false,
        )
      ).map(({ offset }) => offset);
    // They have the times 1,000 to 1,002.
    assert.deepEqual(await at(0), [-1, 0]);
    assert.deepEqual(await at(1_001), [-1, 1]);
    assert.deepEqual(await at(5_000), [-1, -1]);
  });

  test("deletes topics, and leaves out what is not there", async (bench) => {
    const topic = await bench.topic();
    const kept = await bench.topic();
    await bench.transport.deleteTopics([topic, `contract-${randomUUID()}`]);
    assert.deepEqual([...(await bench.transport.describeTopics([topic, kept])).keys()], [kept]);
    assert.ok(!(await bench.transport.listTopics()).includes(topic));
  });

  test("forgets the records before an offset", async (bench) => {
    const topic = await bench.topic();
    await bench.write(topic, numbered(0, 9));
    await bench.transport.deleteRecords([{ partition: { topic, partition: 0 }, offset: 6 }]);
    const [first] = await bench.transport.listOffsets([{ topic, partition: 0 }], "earliest", false);
    assert.equal(first?.offset, 6);
    assert.deepEqual(await bench.values(topic, 6), ["6", "7", "8", "9"]);
  });
};
