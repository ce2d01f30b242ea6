import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import {
  appendAll,
  type Cluster,
  contractTest,
  numbered,
  type RegisterTest,
  rejection,
} from "./workbench.ts";

const transactional = (): { readonly transactionalId: string } => ({
  transactionalId: `contract-${randomUUID()}`,
});

export const transactionContract = (makeTransport: () => Promise<Cluster>, register: RegisterTest): void => {
  const test = contractTest(makeTransport, register);

  test("commits records of several partitions and offsets together", async (bench) => {
    const topic = await bench.topic(2);
    const { coordinator, membership } = await bench.soleMember();
    const producer = await bench.producer([topic], transactional());
    for (const round of [1, 2, 3]) {
      appendAll(producer, topic, 0, [`a${round}`]);
      appendAll(producer, topic, 1, [`b${round}`]);
      await producer.commit(membership, [
        { topic, partition: 0, offset: round * 10, leaderEpoch: -1, metadata: `m${round}` },
      ]);
    }
    await bench.settled(topic);
    assert.deepEqual(await bench.values(topic), ["a1", "a2", "a3"]);
    assert.deepEqual(await coordinator.fetchOffsets([{ topic, partition: 0 }]), [
      { topic, partition: 0, offset: 30, leaderEpoch: -1, metadata: "m3" },
    ]);
  });

  test("commits offsets without records, records without offsets, and nothing at all", async (bench) => {
    const topic = await bench.topic();
    const { coordinator, membership } = await bench.soleMember();
    const producer = await bench.producer([topic], transactional());
    await producer.commit(membership, []);
    assert.equal(await bench.end(topic, false), 0);
    await producer.commit(membership, [{ topic, partition: 0, offset: 5, leaderEpoch: -1, metadata: "" }]);
    appendAll(producer, topic, 0, ["1"]);
    await producer.flush();
    await bench.settled(topic);
    assert.deepEqual(await bench.values(topic), ["1"]);
    const [committed] = await coordinator.fetchOffsets([{ topic, partition: 0 }]);
    assert.equal(committed?.offset, 5);
  });

  test("holds the last stable offset at an open transaction, and shows nothing of it once it is aborted", async (bench) => {
    const topic = await bench.topic();
    await bench.write(topic, ["before"]);
    const open = await bench.openTransaction(topic, numbered(1, 3));
    await bench.write(topic, ["after"]);
    assert.equal(await bench.end(topic, true), 1);
    assert.equal(await bench.end(topic, false), 5);
    assert.deepEqual(await bench.values(topic), ["before"]);
    assert.deepEqual(await bench.values(topic, 0, { readCommitted: false }), [
      "before",
      "1",
      "2",
      "3",
      "after",
    ]);
    await open.close();
    await bench.until("the abort is through", async () =>
      (await bench.end(topic, true)) === 6 ? true : undefined,
    );
    assert.deepEqual(await bench.values(topic), ["before", "after"]);
    // The marker is no record, and is passed over all the same.
    const { records, position } = await bench.readChunks(topic, 5);
    assert.deepEqual([records, position], [[], 6]);
  });

  test("shows nothing of two aborted transactions that are both open where reading begins", async (bench) => {
    const topic = await bench.topic(1, { "max.message.bytes": "2000" });
    const first = await bench.openTransaction(topic, numbered(0, 99, 100));
    const second = await bench.openTransaction(topic, numbered(100, 199, 100));
    const good = await bench.producer([topic], transactional());
    appendAll(good, topic, 0, ["good"]);
    await good.flush();
    await second.close();
    await first.close();
    await bench.until("both are ended", async () =>
      (await bench.end(topic, true)) === 204 ? true : undefined,
    );
    for (const from of [0, 50, 100, 150, 199, 200])
      assert.deepEqual(await bench.values(topic, from), ["good"], `from ${from}`);
    for (const from of [0, 150])
      assert.equal((await bench.read(topic, from, { readCommitted: false })).length, 201 - from);
  });

  for (const [what, stale, expected] of [
    ["a generation before", { generationId: 0 }, "ILLEGAL_GENERATION"],
    ["a member that the group does not know", { memberId: "stranger" }, "UNKNOWN_MEMBER_ID"],
  ] as const)
    test(`refuses the commit of ${what}, and shows nothing of it`, async (bench) => {
      const topic = await bench.topic();
      const { coordinator, membership } = await bench.soleMember();
      const producer = await bench.producer([topic], transactional());
      appendAll(producer, topic, 0, ["zombie"]);
      const zombie = { ...membership, ...stale };
      const error = await rejection(
        producer.commit(zombie, [{ topic, partition: 0, offset: 9, leaderEpoch: -1, metadata: "" }]),
      );
      assert.equal(error.kafkaError, expected);
      await rejection(producer.flush());
      await producer.close();
      await bench.until("it is ended", async () => ((await bench.end(topic, true)) === 2 ? true : undefined));
      assert.deepEqual(await bench.values(topic), []);
      const [committed] = await coordinator.fetchOffsets([{ topic, partition: 0 }]);
      assert.equal(committed?.offset, -1);
    });

  test("fences a producer when another takes its transactional id", async (bench) => {
    const topic = await bench.topic();
    const { transactionalId } = transactional();
    const zombie = await bench.producer([topic], { transactionalId });
    appendAll(zombie, topic, 0, ["zombie"]);
    const successor = await bench.producer([topic], { transactionalId });
    const error = await rejection(zombie.flush());
    assert.ok(["INVALID_PRODUCER_EPOCH", "PRODUCER_FENCED"].includes(error.kafkaError), error.kafkaError);
    appendAll(successor, topic, 0, ["successor"]);
    await successor.flush();
    await bench.settled(topic);
    assert.deepEqual(await bench.values(topic), ["successor"]);
  });

  test("ends the open transaction of a predecessor when its transactional id is taken", async (bench) => {
    const topic = await bench.topic();
    const { transactionalId } = transactional();
    const { membership } = await bench.soleMember();
    const predecessor = await bench.producer([topic], { transactionalId });
    appendAll(predecessor, topic, 0, ["lost"]);
    await rejection(
      predecessor.commit({ ...membership, generationId: 0 }, [
        { topic, partition: 0, offset: 1, leaderEpoch: -1, metadata: "" },
      ]),
    );
    const successor = await bench.producer([topic], { transactionalId });
    appendAll(successor, topic, 0, ["kept"]);
    await successor.flush();
    await bench.settled(topic);
    assert.deepEqual(await bench.values(topic), ["kept"]);
  });

  test("waits with committed offsets until the transaction that holds them has ended", async (bench) => {
    const topic = await bench.topic(2);
    const { coordinator, membership } = await bench.soleMember();
    const producer = await bench.producer([topic], transactional());
    await producer.commit(membership, [{ topic, partition: 0, offset: 1, leaderEpoch: -1, metadata: "" }]);
    // The second offset is refused for its metadata (4096 bytes are the most), and the first stays pending.
    const error = await rejection(
      producer.commit(membership, [
        { topic, partition: 0, offset: 2, leaderEpoch: -1, metadata: "" },
        { topic, partition: 1, offset: 2, leaderEpoch: -1, metadata: "m".repeat(5_000) },
      ]),
    );
    assert.equal(error.kafkaError, "OFFSET_METADATA_TOO_LARGE");
    let answered = false;
    const asked = coordinator.fetchOffsets([{ topic, partition: 0 }]).finally(() => {
      answered = true;
    });
    await bench.pass(500);
    assert.equal(answered, false);
    await producer.close();
    assert.deepEqual(await asked, [{ topic, partition: 0, offset: 1, leaderEpoch: -1, metadata: "" }]);
  });

  test("without a transactional id writes the records, then commits the offsets", async (bench) => {
    const topic = await bench.topic();
    const { coordinator, membership } = await bench.soleMember();
    const producer = await bench.producer([topic]);
    appendAll(producer, topic, 0, ["1"]);
    await producer.commit(membership, [{ topic, partition: 0, offset: 4, leaderEpoch: -1, metadata: "m" }]);
    assert.deepEqual(await bench.values(topic), ["1"]);
    const [committed] = await coordinator.fetchOffsets([{ topic, partition: 0 }]);
    assert.deepEqual(committed, { topic, partition: 0, offset: 4, leaderEpoch: -1, metadata: "m" });
    const error = await rejection(
      producer.commit({ ...membership, generationId: 0 }, [
        { topic, partition: 0, offset: 5, leaderEpoch: -1, metadata: "" },
      ]),
    );
    assert.equal(error.kafkaError, "ILLEGAL_GENERATION");
  });
};
