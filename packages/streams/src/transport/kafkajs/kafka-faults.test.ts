import { afterEach, expect, test } from "vitest";
import { justCode, partitionCodes, produceOutcomes, txnOffsetCodes } from "../../../test/scripted-answers.ts";
import { ScriptedCluster } from "../../../test/scripted-cluster.ts";
import { noHeaders } from "../../record.ts";
import type { HealthEvent } from "../health-event.ts";
import type { ProducerOptions, RecordProducer } from "../record-producer.ts";
import type { TransportError } from "../transport-error.ts";
import type { Transport } from "../transport.ts";
import { kafka, type KafkaOptions } from "./kafka-transport.ts";

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).toReversed()) await one.close();
});

const clusterOf = async (brokers: number): Promise<ScriptedCluster> => {
  const cluster = await ScriptedCluster.start(brokers);
  open.push(cluster);
  return cluster;
};

const connect = async (cluster: ScriptedCluster, options: Partial<KafkaOptions> = {}): Promise<Transport> => {
  const transport = kafka({ brokers: [cluster.addressText(1)], ...options });
  open.push(transport);
  await transport.connect();
  return transport;
};

const producerOf = async (
  transport: Transport,
  options: Partial<ProducerOptions> = {},
): Promise<RecordProducer> => {
  const producer = await transport.createProducer({
    transactionTimeoutMs: 10_000,
    compression: "none",
    ...options,
  });
  await producer.prepareTopics(["t"]);
  return producer;
};

const membership = { groupId: "g", generationId: 3, memberId: "m", groupInstanceId: null };
const offset = { topic: "in", partition: 0, offset: 1, leaderEpoch: 0, metadata: "" };

const rejection = async (call: Promise<unknown>): Promise<TransportError> => {
  const answer: unknown = await call.then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(answer).toMatchObject({ name: "TransportError" });
  return answer as TransportError;
};

/** Far less than what is waited for without a limit, and far more than a busy machine makes of a second. */
const soonMs = 10_000;

const soon = async <T>(body: () => Promise<T>): Promise<T> => {
  const begun = performance.now();
  const answer = await body();
  expect(performance.now() - begun).toBeLessThan(soonMs);
  return answer;
};

test("a partition that was not attempted beside one that is to be retried is retried with it", async () => {
  const cluster = await clusterOf(1);
  cluster.partitions = 2;
  // CONCURRENT_TRANSACTIONS for one, OPERATION_NOT_ATTEMPTED for the one before it.
  cluster.on("AddPartitionsToTxn", ({ count, body }) =>
    count > 2 ? undefined : partitionCodes(body, ({ partition }) => (partition === 0 ? 55 : 51)),
  );
  const producer = await producerOf(await connect(cluster), { transactionalId: "id" });
  producer.append("t", 0, null, null, 0, noHeaders);
  producer.append("t", 1, null, null, 0, noHeaders);
  await producer.commit(membership, [offset]);
  expect(cluster.count("AddPartitionsToTxn")).toBe(3);
});

test.each([
  ["fatal beside not attempted", [55, 29], "TOPIC_AUTHORIZATION_FAILED", "fatal"],
  ["void beside retried", [3, 47], "INVALID_PRODUCER_EPOCH", "void"],
  ["fatal beside void and retried", [14, 47, 53], "TRANSACTIONAL_ID_AUTHORIZATION_FAILED", "fatal"],
] as const)("an answer is judged as a whole: %s", async (_, codes, kafkaError, rank) => {
  const cluster = await clusterOf(1);
  cluster.partitions = codes.length;
  const transport = await connect(cluster);
  const judged = async (script: () => void, commit: (producer: RecordProducer) => Promise<unknown>) => {
    script();
    const producer = await producerOf(transport, { transactionalId: "id" });
    expect(await rejection(commit(producer))).toMatchObject({ kafkaError, rank });
    await producer.close();
  };
  const append = (producer: RecordProducer): void => {
    for (const partition of codes.keys()) producer.append("t", partition, null, null, 0, noHeaders);
  };
  await judged(
    () =>
      cluster.on("AddPartitionsToTxn", ({ body }) =>
        partitionCodes(body, ({ partition }) => codes[partition] ?? 0),
      ),
    (producer) => {
      append(producer);
      return producer.flush();
    },
  );
  cluster.on("AddPartitionsToTxn", () => undefined);
  await judged(
    () =>
      cluster.on("TxnOffsetCommit", ({ body }) =>
        txnOffsetCodes(body, ({ partition }) => codes[partition] ?? 0),
      ),
    (producer) =>
      producer.commit(
        membership,
        codes.map((__, partition) => ({ ...offset, partition })),
      ),
  );
  await judged(
    () =>
      cluster.on("Produce", ({ body }) =>
        produceOutcomes(body, ({ partition }) => ({ code: codes[partition] ?? 0 })),
      ),
    (producer) => {
      append(producer);
      return producer.flush();
    },
  );
});

test("records that a broker refuses are named, and none of the others", async () => {
  const cluster = await clusterOf(1);
  cluster.on("Produce", ({ body }) =>
    produceOutcomes(body, () => ({
      code: 32,
      recordErrors: [[1, "too far ahead"]],
      message: "One or more records have been rejected",
    })),
  );
  const producer = await producerOf(await connect(cluster), { compression: "zstd" });
  for (const n of [0, 1, 2])
    producer.append("t", 0, Buffer.from(`k${n}`), Buffer.from("v"), 1_000 + n, noHeaders);
  expect(await rejection(producer.flush())).toMatchObject({
    kafkaError: "INVALID_TIMESTAMP",
    rank: "record",
    refused: [
      { topic: "t", partition: 0, key: Buffer.from("k1"), timestamp: 1_001, reason: "too far ahead" },
    ],
  });
});

test("a batch that became too large for its topic is split, with the sequences that it had", async () => {
  const cluster = await clusterOf(1);
  const limit = 4_000;
  const sequences: (readonly [first: number, count: number])[] = [];
  cluster.on("Produce", ({ body }) =>
    produceOutcomes(body, ({ batch }) => {
      if (batch.length > limit) return { code: 10 };
      sequences.push([batch.readInt32BE(53), batch.readInt32BE(57)]);
      return { code: 0, baseOffset: 100 + batch.readInt32BE(53) };
    }),
  );
  const producer = await producerOf(await connect(cluster));
  for (let n = 0; n < 100; n++) producer.append("t", 0, null, Buffer.alloc(300), n, noHeaders);
  const { endOffsets } = await producer.flush();
  expect(endOffsets).toEqual(new Map([["t-0", 200]]));
  let next = 0;
  for (const [first, count] of sequences) {
    expect(first).toBe(next);
    next += count;
  }
  expect(next).toBe(100);
});

test("a heartbeat on a connection that hangs gets through on another, within its time", async () => {
  const cluster = await clusterOf(1);
  cluster.on("Heartbeat", ({ count }) => (count === 1 ? "silence" : undefined));
  const coordinator = (await connect(cluster)).groupCoordinator("g");
  await coordinator.heartbeat(membership, { timeoutMs: 3_000 });
  expect(cluster.count("Heartbeat")).toBe(2);
});

test("a heartbeat that nobody answers is over in its time, to be tried again", async () => {
  const cluster = await clusterOf(1);
  cluster.on("Heartbeat", () => "silence");
  cluster.on("FindCoordinator", ({ count }) => (count > 1 ? "silence" : undefined));
  const coordinator = (await connect(cluster)).groupCoordinator("g");
  const error = await soon(() => rejection(coordinator.heartbeat(membership, { timeoutMs: 900 })));
  expect(error).toMatchObject({ kafkaError: "NETWORK", rank: "retry" });
});

test("a coordinator is found by its address, also one that metadata does not have", async () => {
  const cluster = await clusterOf(2);
  cluster.known.delete(2);
  cluster.coordinator = 2;
  const coordinator = (await connect(cluster)).groupCoordinator("g");
  await soon(() => coordinator.heartbeat(membership));
  expect(cluster.requests).toContain("Heartbeat@2");
});

test("a coordinator that has moved is looked for anew, and membership is not said to be lost", async () => {
  const cluster = await clusterOf(2);
  const coordinator = (await connect(cluster)).groupCoordinator("g");
  await coordinator.heartbeat(membership);
  cluster.on("Heartbeat", ({ node }) => justCode(node === cluster.coordinator ? 0 : 16));
  cluster.coordinator = 2;
  await coordinator.heartbeat(membership);
  await cluster.down(2);
  const error = await rejection(coordinator.heartbeat(membership, { timeoutMs: 500 }));
  expect(error.rank).toBe("retry");
  cluster.coordinator = 1;
  await coordinator.heartbeat(membership);
});

test("a leader that metadata did not name is found after a look at metadata", async () => {
  const cluster = await clusterOf(2);
  cluster.known.delete(2);
  const transport = await connect(cluster);
  const producer = await producerOf(transport);
  cluster.leader = () => 2;
  producer.append("t", 0, null, null, 0, noHeaders);
  const sent = producer.flush();
  await expect.poll(() => cluster.count("Metadata")).toBeGreaterThan(2);
  cluster.known.add(2);
  await sent;
  expect(cluster.requests).toContain("Produce@2");
});

test("metadata is asked for anew when it has become old, with nothing else going on", async () => {
  const cluster = await clusterOf(1);
  await connect(cluster, { metadataMaxAgeMs: 50 });
  const before = cluster.count("Metadata");
  await expect.poll(() => cluster.count("Metadata")).toBeGreaterThan(before + 2);
});

test.each([
  ["records", "Produce"],
  ["the transaction's end", "EndTxn"],
  ["its offsets", "TxnOffsetCommit"],
])(
  "closing rejects a commit at once whose answer to %s does not come, and does not wait for it long",
  async (_, name) => {
    const cluster = await clusterOf(1);
    cluster.on(name, () => "silence");
    const producer = await producerOf(await connect(cluster), { transactionalId: "id" });
    producer.append("t", 0, null, null, 0, noHeaders);
    const committing = rejection(producer.commit(membership, [offset]));
    await expect.poll(() => cluster.count(name)).toBe(1);
    const ended: string[] = [];
    const closing = soon(() => producer.close()).finally(() => ended.push("closing"));
    const error = await committing;
    expect(ended).toEqual([]);
    expect(error).toMatchObject({ kafkaError: "CLOSED", rank: "void" });
    await closing;
    await expect.poll(() => cluster.requests.at(-1)).toBe("EndTxn@1");
  },
);

test("nothing is sent for a transaction once its producer is closed, but for its end", async () => {
  const cluster = await clusterOf(1);
  let answer: (() => void) | undefined;
  cluster.on("AddPartitionsToTxn", async () => {
    await new Promise<void>((resolve) => {
      answer = resolve;
    });
    return undefined;
  });
  const producer = await producerOf(await connect(cluster), { transactionalId: "id" });
  producer.append("t", 0, null, null, 0, noHeaders);
  const committing = rejection(producer.commit(membership, [offset]));
  await expect.poll(() => answer).toBeDefined();
  const closing = producer.close();
  await committing;
  answer?.();
  await closing;
  expect(cluster.requests.filter((request) => /Produce@|AddOffsets|TxnOffset/.test(request))).toEqual([]);
  expect(() => producer.append("t", 0, null, null, 0, noHeaders)).toThrow(
    expect.objectContaining({ kafkaError: "CLOSED", rank: "void" }),
  );
});

test("a broker that does not answer is told of once within three seconds, and once when it answers again", async () => {
  const cluster = await clusterOf(2);
  cluster.coordinator = 2;
  const transport = await connect(cluster);
  const events: HealthEvent[] = [];
  transport.onHealth((event) => events.push(event));
  const coordinator = transport.groupCoordinator("g");
  await coordinator.heartbeat(membership);
  cluster.frozen.add(2);
  await rejection(coordinator.heartbeat(membership, { timeoutMs: 3_300 }));
  expect(events).toEqual([
    {
      broker: cluster.addressText(2),
      node: 2,
      state: "unreachable",
      request: 'Heartbeat of group "g"',
      sinceMs: expect.any(Number),
    },
  ]);
  cluster.frozen.delete(2);
  await coordinator.heartbeat(membership);
  await expect.poll(() => events.length).toBe(2);
  expect(events[1]).toMatchObject({ broker: cluster.addressText(2), state: "reachable" });
});

test("what a broker does not answer while it answers everything else is told of, too", async () => {
  const cluster = await clusterOf(1);
  const transport = await connect(cluster);
  const events: HealthEvent[] = [];
  transport.onHealth((event) => events.push(event));
  cluster.on("Heartbeat", () => "silence");
  const coordinator = transport.groupCoordinator("g");
  await rejection(coordinator.heartbeat(membership, { timeoutMs: 3_300 }));
  expect(events[0]).toMatchObject({
    broker: "",
    request: expect.stringMatching(/^Heartbeat of group "g": 127/),
  });
});

test("a partition with too few replicas in sync is told of, by name", async () => {
  const cluster = await clusterOf(1);
  cluster.on("Produce", ({ body }) => produceOutcomes(body, () => ({ code: 19 })));
  const transport = await connect(cluster);
  const events: HealthEvent[] = [];
  transport.onHealth((event) => events.push(event));
  const producer = await producerOf(transport);
  producer.append("t", 0, null, null, 0, noHeaders);
  const sent = producer.flush();
  await expect.poll(() => events.length).toBe(1);
  expect(events[0]).toMatchObject({ state: "unreachable", request: "producing to t-0: NOT_ENOUGH_REPLICAS" });
  cluster.on("Produce", () => undefined);
  await sent;
  expect(events.map(({ state }) => state)).toEqual(["unreachable", "reachable"]);
});

test("a limit that older brokers do not have is left out for them, and nothing else is", async () => {
  const cluster = await clusterOf(1);
  const asked: (readonly string[])[] = [];
  cluster.on("CreateTopics", ({ body }) => {
    const [topic] = body.array(() => {
      const name = body.string() ?? "";
      body.int32();
      body.int16();
      body.array(() => undefined);
      return { name, configs: body.array(() => [body.string() ?? "", body.string()][0] ?? "") };
    });
    const configs = topic?.configs ?? [];
    asked.push(configs);
    const unknown = configs.find((name) => name !== "cleanup.policy");
    return (encoder) => {
      encoder
        .writeInt32(0)
        .writeInt32(1)
        .writeString(topic?.name ?? "");
      encoder.writeInt16(unknown === undefined ? 0 : 40);
      encoder.writeString(unknown === undefined ? null : `Unknown topic config name: ${unknown}`);
    };
  });
  const transport = await connect(cluster);
  const limit = { "message.timestamp.after.max.ms": "9223372036854775807" };
  await transport.createTopics([
    { topic: "t", partitions: 1, configs: { "cleanup.policy": "compact", ...limit } },
  ]);
  expect(asked.at(-1)).toEqual(["cleanup.policy"]);
  const error = await rejection(
    transport.createTopics([{ topic: "u", partitions: 1, configs: { "no.such.setting": "1" } }]),
  );
  expect(error).toMatchObject({ kafkaError: "INVALID_CONFIG", rank: "fatal" });
});

test("an answer that makes no sense is an error of ours, and its connection is given up", async () => {
  const cluster = await clusterOf(1);
  cluster.on("Heartbeat", ({ count }) => (count === 1 ? () => undefined : undefined));
  const coordinator = (await connect(cluster)).groupCoordinator("g");
  await coordinator.heartbeat(membership);
  expect(cluster.count("Heartbeat")).toBe(2);
});
