import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { noHeaders } from "../../record.ts";
import type { GroupCoordinator, GroupMembership, JoinResponse } from "../../transport/group-coordinator.ts";
import {
  appendAll,
  type Cluster,
  contractTest,
  joinRequest,
  type RegisterTest,
  rejection,
  type Workbench,
} from "./workbench.ts";

const hour = 3_600_000;

/** Where brokers are less kind than a client might think. */
export const unkindnessContract = (makeTransport: () => Promise<Cluster>, register: RegisterTest): void => {
  const test = contractTest(makeTransport, register);

  test("takes the transactional commit of nobody although the group has members", async (bench) => {
    const topic = await bench.topic();
    const { coordinator, membership } = await bench.soleMember();
    const producer = await bench.producer([topic], { transactionalId: `contract-${randomUUID()}` });
    appendAll(producer, topic, 0, ["1"]);
    const nobody = { ...membership, generationId: -1, memberId: "" };
    await producer.commit(nobody, [{ topic, partition: 0, offset: 7, leaderEpoch: -1, metadata: "" }]);
    const [committed] = await coordinator.fetchOffsets([{ topic, partition: 0 }]);
    assert.equal(committed?.offset, 7);
  });

  test("refuses the plain commit of nobody while the group has members", async (bench) => {
    const topic = await bench.topic();
    const { coordinator, membership } = await bench.soleMember();
    const nobody = { ...membership, generationId: -1, memberId: "" };
    const offset = { topic, partition: 0, offset: 7, leaderEpoch: -1, metadata: "" };
    const error = await rejection(coordinator.commitOffsets(nobody, [offset]));
    assert.equal(error.kafkaError, "UNKNOWN_MEMBER_ID");
  });

  test("refuses records more than an hour ahead of its time, and names them", async (bench) => {
    const topic = await bench.topic();
    // Brokers before Kafka 3.6 take any time.
    if (!(await bench.transport.describeTopicConfig(topic)).has("message.timestamp.after.max.ms")) return;
    const producer = await bench.producer([topic]);
    const early = bench.now() + 2 * hour;
    producer.append(topic, 0, Buffer.from("in time"), null, bench.now() + hour / 2, noHeaders);
    producer.append(topic, 0, Buffer.from("early"), null, early, noHeaders);
    const error = await rejection(producer.flush());
    assert.deepEqual([error.kafkaError, error.rank], ["INVALID_TIMESTAMP", "record"]);
    assert.deepEqual(
      error.refused.map(({ key, timestamp, ...where }) => [
        key?.toString(),
        timestamp,
        where.topic,
        where.partition,
      ]),
      [["early", early, topic, 0]],
    );
    // None of a batch is written where one of it is refused.
    assert.equal(await bench.end(topic, false), 0);
  });

  test("takes any time where the topic's configuration says so", async (bench) => {
    const topic = await bench.topic(1, { "message.timestamp.after.max.ms": "9223372036854775807" });
    const producer = await bench.producer([topic]);
    producer.append(topic, 0, null, null, bench.now() + 1_000 * hour, noHeaders);
    await producer.flush();
    assert.equal(await bench.end(topic, false), 1);
  });

  test("takes a member for gone that sends no heartbeat, and lets the others go on", async (bench) => {
    const { coordinator, membership } = await bench.soleMember();
    const request = { ...joinRequest(), sessionTimeoutMs: 6_000 };
    const silent = bench.transport.groupCoordinator(membership.groupId);
    const [mine, silentOne] = await together(bench, coordinator, membership, silent.join(request));
    const current = { ...membership, generationId: mine.generationId };
    const assignments = [{ memberId: mine.memberId, assignment: Buffer.from("all") }];
    await coordinator.sync(current, assignments);
    const lost = bench.now();
    for (let rebalance = false; !rebalance;) {
      await bench.pass(500);
      rebalance = await coordinator.heartbeat(current).then(
        () => false,
        (error: unknown) =>
          (error as { readonly kafkaError?: string }).kafkaError === "REBALANCE_IN_PROGRESS",
      );
      assert.ok(bench.now() - lost < 12_000, "the silent member is still taken for alive");
    }
    assert.ok(bench.now() - lost > 5_000);
    const gone = await rejection(
      silent.heartbeat({ ...current, memberId: silentOne.memberId, groupInstanceId: null }),
    );
    assert.equal(gone.kafkaError, "UNKNOWN_MEMBER_ID");
  });

  test("answers a follower that joins again with nothing new without a rebalance", async (bench) => {
    const { coordinator, membership } = await bench.soleMember();
    const other = bench.transport.groupCoordinator(membership.groupId);
    const [mine, theirs] = await together(bench, coordinator, membership, other.join(joinRequest()));
    const own = { ...membership, generationId: mine.generationId };
    const follower = { ...own, memberId: theirs.memberId };
    await Promise.all([
      coordinator.sync(own, [{ memberId: theirs.memberId, assignment: Buffer.from("theirs") }]),
      other.sync(follower, []),
    ]);
    const again = await other.join(joinRequest(theirs.memberId));
    assert.equal(again.generationId, mine.generationId);
    assert.equal((await other.sync(follower, [])).toString(), "theirs");
    await coordinator.heartbeat(own);
  });

  test("lets a static member leave before its session ends", async (bench) => {
    const groupId = `contract-${randomUUID()}`;
    const coordinator = bench.transport.groupCoordinator(groupId);
    const instanceId = `instance-${randomUUID()}`;
    const joined = await coordinator.join(joinRequest("", instanceId));
    const membership = {
      groupId,
      generationId: joined.generationId,
      memberId: joined.memberId,
      groupInstanceId: instanceId,
    };
    await coordinator.sync(membership, []);
    await coordinator.leave(membership);
    const error = await rejection(coordinator.heartbeat(membership));
    assert.equal(error.kafkaError, "UNKNOWN_MEMBER_ID");
  });

  test("ends a transaction that nobody ends, and fences whose it was", async (bench) => {
    const topic = await bench.topic();
    const open = await bench.openTransaction(topic, ["1", "2"], { transactionTimeoutMs: 1_000 });
    assert.equal(await bench.end(topic, true), 0);
    // Brokers look for such transactions every ten seconds.
    await bench.until(
      "the transaction is aborted",
      async () => {
        await bench.pass(200);
        return (await bench.end(topic, true)) === 3 ? true : undefined;
      },
      30_000,
    );
    assert.deepEqual(await bench.values(topic), []);
    await open.close();
  });

  test("makes another topic of a name that is used again", async (bench) => {
    const { deleteTopic } = bench.cluster;
    if (deleteTopic === undefined) return;
    const topic = await bench.topic(2);
    await bench.write(topic, ["1", "2", "3"]);
    const before = (await bench.transport.describeTopics([topic])).get(topic);
    await deleteTopic(topic);
    await bench.until("it is gone", async () =>
      (await bench.transport.describeTopics([topic])).has(topic) ? undefined : true,
    );
    await bench.transport.createTopics([{ topic, partitions: 1, configs: {} }]);
    const after = await bench.until("it is there again", async () =>
      (await bench.transport.describeTopics([topic])).get(topic),
    );
    assert.notEqual(after.topicId, before?.topicId);
    assert.equal(after.partitions, 1);
    assert.equal(await bench.end(topic, false), 0);
  });

  test("shows new partitions of a topic", async (bench) => {
    const { addPartitions } = bench.cluster;
    if (addPartitions === undefined) return;
    const topic = await bench.topic(1);
    await bench.write(topic, ["1"]);
    await addPartitions(topic, 3);
    await bench.until("three partitions are described", async () =>
      (await bench.transport.describeTopics([topic])).get(topic)?.partitions === 3 ? true : undefined,
    );
    await bench.write(topic, ["2"], 2);
    assert.equal(await bench.end(topic, true, 2), 1);
    assert.deepEqual(await bench.values(topic), ["1"]);
  });
};

/** Has the only member of a group join again once it hears of another. */
const together = async (
  bench: Workbench,
  coordinator: GroupCoordinator,
  membership: GroupMembership,
  joining: Promise<JoinResponse>,
): Promise<readonly [JoinResponse, JoinResponse]> => {
  await bench.until("the member hears of the other", async () => {
    const heartbeat = coordinator.heartbeat(membership);
    return heartbeat.then(
      () => undefined,
      () => true,
    );
  });
  return Promise.all([coordinator.join(joinRequest(membership.memberId)), joining]);
};
