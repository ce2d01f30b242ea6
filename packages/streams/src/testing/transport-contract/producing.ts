import assert from "node:assert/strict";
import { type Headers, noHeaders } from "../../record.ts";
import { TransportError } from "../../transport/transport-error.ts";
import {
  appendAll,
  type Cluster,
  contractTest,
  numbered,
  type RegisterTest,
  rejection,
} from "./workbench.ts";

export const producingContract = (makeTransport: () => Promise<Cluster>, register: RegisterTest): void => {
  const test = contractTest(makeTransport, register);

  test("carries keys, values and headers as they are, also those that are null", async (bench) => {
    const topic = await bench.topic();
    const producer = await bench.producer([topic]);
    const headers: Headers = [
      ["a", Buffer.from("1")],
      ["none", null],
      ["a", Buffer.alloc(0)],
      ["ü", Buffer.from([0xff, 0x00])],
    ];
    producer.append(topic, 0, null, null, 1, noHeaders);
    producer.append(topic, 0, Buffer.alloc(0), Buffer.alloc(0), 2, headers);
    producer.append(topic, 0, Buffer.from("k"), Buffer.from("v"), 3, noHeaders);
    await producer.flush();
    assert.deepEqual(await bench.read(topic), [
      { offset: 0, timestamp: 1, key: null, value: null, headers: [] },
      { offset: 1, timestamp: 2, key: "", value: "", headers },
      { offset: 2, timestamp: 3, key: "k", value: "v", headers: [] },
    ]);
  });

  test("keeps timestamps: 0, and in any order", async (bench) => {
    const topic = await bench.topic();
    const producer = await bench.producer([topic]);
    const timestamps = [999, 1_000, 0, 1_600_000_000_000, 2];
    for (const timestamp of timestamps) producer.append(topic, 0, null, null, timestamp, noHeaders);
    await producer.flush();
    assert.deepEqual(
      (await bench.read(topic)).map(({ timestamp }) => timestamp),
      timestamps,
    );
  });

  test("carries 200,000 records in one batch", async (bench) => {
    const topic = await bench.topic(1, { "max.message.bytes": "10000000" });
    const producer = await bench.producer([topic]);
    for (let n = 0; n < 200_000; n++) producer.append(topic, 0, null, Buffer.from("v"), n, noHeaders);
    await producer.flush();
    const { records, position } = await bench.readChunks(topic);
    assert.equal(records.length, 200_000);
    assert.equal(position, 200_000);
    assert.equal(records.at(-1)?.timestamp, 199_999);
  });

  test("splits what is more than the topic takes in a batch, and keeps its order", async (bench) => {
    const topic = await bench.topic(2, { "max.message.bytes": "10000" });
    const producer = await bench.producer([topic]);
    const values = numbered(0, 999, 100);
    appendAll(producer, topic, 0, values);
    appendAll(producer, topic, 1, values.slice(0, 10));
    await producer.flush();
    assert.deepEqual(await bench.values(topic), values);
    assert.equal(await bench.end(topic, false, 1), 10);
  });

  test("refuses a record larger than the topic takes, and goes on with the others", async (bench) => {
    const topic = await bench.topic(1, { "max.message.bytes": "10000" });
    const producer = await bench.producer([topic]);
    appendAll(producer, topic, 0, ["before"]);
    assert.throws(
      () => producer.append(topic, 0, null, Buffer.alloc(10_000), 0, noHeaders),
      (error) =>
        error instanceof TransportError &&
        error.kafkaError === "MESSAGE_TOO_LARGE" &&
        error.rank === "record",
    );
    appendAll(producer, topic, 0, ["after"]);
    await producer.flush();
    assert.deepEqual(await bench.values(topic), ["before", "after"]);
  });

  test("throws at once for a topic that was not prepared", async (bench) => {
    const producer = await bench.producer([]);
    assert.throws(() => producer.append("contract-unprepared", 0, null, null, 0, noHeaders), TransportError);
  });

  test("sends nothing before it is told to, and counts what it holds", async (bench) => {
    const topic = await bench.topic();
    const producer = await bench.producer([topic]);
    assert.equal(producer.bufferedBytes, 0);
    appendAll(producer, topic, 0, ["held"]);
    assert.ok(producer.bufferedBytes > 8);
    await bench.pass(100);
    assert.equal(await bench.end(topic, false), 0);
    const sent = producer.flush();
    assert.equal(producer.bufferedBytes, 0);
    await sent;
    assert.equal(await bench.end(topic, false), 1);
  });

  for (const transactionalId of [undefined, "contract-late"])
    test(`leaves for the next commit what is appended while one is on the wire (${transactionalId ?? "idempotent"})`, async (bench) => {
      const topic = await bench.topic();
      const producer = await bench.producer(
        [topic],
        transactionalId === undefined ? {} : { transactionalId },
      );
      appendAll(producer, topic, 0, ["1", "2"]);
      const first = producer.flush();
      appendAll(producer, topic, 0, ["3"]);
      await first;
      await bench.settled(topic);
      assert.deepEqual(await bench.values(topic), ["1", "2"]);
      await producer.flush();
      await bench.settled(topic);
      assert.deepEqual(await bench.values(topic), ["1", "2", "3"]);
    });

  test("refuses what of a predecessor comes behind its successor, and takes what comes before", async (bench) => {
    const topic = await bench.topic(2);
    const predecessor = await bench.producer([topic]);
    appendAll(predecessor, topic, 0, ["1", "2"]);
    await predecessor.flush();
    const successor = await bench.producer([topic], { successorOf: predecessor.identity });
    appendAll(predecessor, topic, 0, ["3"]);
    await predecessor.flush();
    appendAll(successor, topic, 0, ["4"]);
    await successor.flush();
    appendAll(predecessor, topic, 0, ["late"]);
    const error = await rejection(predecessor.flush());
    assert.equal(error.kafkaError, "INVALID_PRODUCER_EPOCH");
    appendAll(successor, topic, 0, ["5"]);
    appendAll(successor, topic, 1, ["6"]);
    await successor.flush();
    assert.deepEqual(await bench.values(topic), ["1", "2", "3", "4", "5"]);
    const { producerId, producerEpoch } = successor.identity;
    assert.deepEqual(predecessor.identity, { producerId, producerEpoch: producerEpoch - 1 });
  });

  for (const compression of ["gzip", "snappy", "lz4", "zstd"] as const)
    test(`reads what it compressed with ${compression}`, async (bench) => {
      const topic = await bench.topic();
      const producer = await bench.producer([topic], { compression });
      const values = numbered(0, 999, 50);
      appendAll(producer, topic, 0, values);
      await producer.flush();
      assert.deepEqual(await bench.values(topic), values);
    });
};
