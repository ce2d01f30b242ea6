import assert from "node:assert/strict";
import { TransportError } from "../../transport/transport-error.ts";
import {
  appendAll,
  type Cluster,
  contractTest,
  numbered,
  type RegisterTest,
  type Workbench,
} from "./workbench.ts";

export const fetchingContract = (makeTransport: () => Promise<Cluster>, register: RegisterTest): void => {
  const test = contractTest(makeTransport, register);

  test("reads from the middle of a batch", async (bench) => {
    const topic = await bench.topic();
    await bench.write(topic, numbered(0, 9));
    assert.deepEqual(await bench.values(topic, 7), ["7", "8", "9"]);
  });

  test("tells that something is there to be taken, and never from inside take", async (bench) => {
    const topic = await bench.topic();
    let calls = 0;
    let taking = false;
    const fetcher = bench.fetcher({
      onAvailable: () => {
        assert.equal(taking, false);
        calls++;
      },
    });
    fetcher.add(topic, 0, 0);
    await bench.until("the end is told", () => (calls > 0 ? true : undefined));
    const before = calls;
    await bench.write(topic, ["1"]);
    await bench.until("the record is told", () => (calls > before ? true : undefined));
    taking = true;
    while (fetcher.take(topic, 0) !== undefined);
    taking = false;
  });

  test("tells the end of a partition that has nothing, once", async (bench) => {
    const topic = await bench.topic();
    const fetcher = bench.fetcher();
    fetcher.add(topic, 0, 0);
    const chunk = await bench.until("the end is told", () => fetcher.take(topic, 0));
    assert.equal(chunk.records.advance(), false);
    assert.deepEqual([chunk.nextOffset, chunk.endOffset], [0, 0]);
    await bench.pass(300);
    assert.equal(fetcher.take(topic, 0), undefined);
  });

  test("waits for records that are still to come", async (bench) => {
    const topic = await bench.topic();
    const fetcher = bench.fetcher({ maxWaitMs: 5_000 });
    fetcher.add(topic, 0, 0);
    await bench.until("the end is told", () => fetcher.take(topic, 0));
    await bench.write(topic, ["late"]);
    const chunk = await bench.until("the record comes", () => fetcher.take(topic, 0), 2_000);
    assert.equal(chunk.records.advance(), true);
    assert.equal(chunk.nextOffset, 1);
  });

  test("reads an added partition at once while the others have nothing", async (bench) => {
    const idle = await bench.topic();
    const busy = await bench.topic();
    await bench.write(busy, ["1"]);
    const fetcher = bench.fetcher({ maxWaitMs: 15_000 });
    fetcher.add(idle, 0, 0);
    await bench.until("the end is told", () => fetcher.take(idle, 0));
    await bench.pass(100);
    fetcher.add(busy, 0, 0);
    await bench.until("the record comes", () => fetcher.take(busy, 0), 5_000);
  });

  test("moves a partition that is added again, and forgets one that is removed", async (bench) => {
    const topic = await bench.topic();
    await bench.write(topic, numbered(0, 9));
    const fetcher = bench.fetcher();
    fetcher.add(topic, 0, 0);
    await bench.until("something is fetched", () => fetcher.take(topic, 0));
    fetcher.add(topic, 0, 0);
    fetcher.add(topic, 0, 8);
    const chunk = await bench.until("it is fetched anew", () => fetcher.take(topic, 0));
    assert.equal(chunk.records.advance(), true);
    assert.equal(chunk.records.offset, 8);
    fetcher.add(topic, 0, 0);
    await bench.pass(200);
    fetcher.remove(topic, 0);
    assert.equal(fetcher.take(topic, 0), undefined);
    await bench.pass(200);
    assert.equal(fetcher.take(topic, 0), undefined);
  });

  test("throws from take when the position is no longer in the log", async (bench) => {
    const topic = await bench.topic();
    await bench.write(topic, numbered(0, 9));
    await bench.transport.deleteRecords([{ partition: { topic, partition: 0 }, offset: 5 }]);
    const fetcher = bench.fetcher();
    fetcher.add(topic, 0, 2);
    const error = await bench.until("it fails", () => failure(() => fetcher.take(topic, 0)));
    assert.equal(error.kafkaError, "OFFSET_OUT_OF_RANGE");
    fetcher.add(topic, 0, 5);
    const chunk = await bench.until("it is read from where it begins", () => fetcher.take(topic, 0));
    assert.equal(chunk.records.advance(), true);
    assert.equal(chunk.records.offset, 5);
  });

  test("buffers no more of a partition than it may, and still reads the others", async (bench) => {
    const topic = await bench.topic(2, { "max.message.bytes": "10000" });
    const producer = await bench.producer([topic]);
    appendAll(producer, topic, 0, numbered(0, 999, 1_000));
    appendAll(producer, topic, 1, numbered(0, 999, 1_000));
    await producer.flush();
    const limits = { maxBytesPerPartition: 20_000, maxBufferedBytesPerPartition: 50_000 };
    const fetcher = bench.fetcher(limits);
    fetcher.add(topic, 0, 0);
    fetcher.add(topic, 1, 0);
    let position = 0;
    while (position < 1_000) {
      const chunk = await bench.until(`partition 1 is read from ${position}`, () => fetcher.take(topic, 1));
      position = chunk.nextOffset;
    }
    let buffered = 0;
    for (let chunk = fetcher.take(topic, 0); chunk !== undefined; chunk = fetcher.take(topic, 0))
      buffered += chunk.byteLength;
    assert.ok(buffered > 0);
    assert.ok(
      buffered <= limits.maxBufferedBytesPerPartition + limits.maxBytesPerPartition,
      String(buffered),
    );
  });

  test("reads every partition though a response holds but a part of them", async (bench) => {
    const topic = await bench.topic(5, { "max.message.bytes": "10000" });
    for (let partition = 0; partition < 5; partition++)
      await bench.write(topic, numbered(0, 99, 500), partition);
    const fetcher = bench.fetcher({ maxBytes: 12_000, maxBytesPerPartition: 11_000 });
    for (let partition = 0; partition < 5; partition++) fetcher.add(topic, partition, 0);
    const positions = [0, 0, 0, 0, 0];
    await bench.until("all are read", () => {
      for (const partition of positions.keys()) {
        const chunk = fetcher.take(topic, partition);
        if (chunk !== undefined) positions[partition] = chunk.nextOffset;
      }
      return positions.every((position) => position === 100) ? true : undefined;
    });
  });

  test("reads a compacted topic to its end in few steps, whatever compaction left", async (bench) => {
    const topic = await bench.topic(1, {
      "cleanup.policy": "compact",
      "min.cleanable.dirty.ratio": "0",
      "segment.ms": "100",
      "delete.retention.ms": "0",
    });
    // One producer's only batch becomes empty, another's loses its tail; the last keys come in a later segment.
    await bench.write(topic, numbered(0, 49));
    await bench.write(topic, [...numbered(50, 50), ...numbered(0, 48)]);
    await bench.write(topic, numbered(0, 49));
    const compacted = await compactedLog(bench, topic);
    assert.equal(new Set(compacted.records.map(({ key }) => key)).has("50"), true);
    assert.equal(compacted.position, await bench.end(topic, true));
    assert.ok(compacted.chunks <= 10, `${compacted.chunks} chunks`);
    // From the middle of what is gone.
    const { position, chunks } = await bench.readChunks(topic, 60);
    assert.equal(position, await bench.end(topic, true));
    assert.ok(chunks <= 10, `${chunks} chunks`);
  });
};

/** The log once compaction has taken something from it. A later record makes brokers close the segment before. */
const compactedLog = async (bench: Workbench, topic: string): ReturnType<Workbench["readChunks"]> => {
  await bench.write(topic, ["end"], 0, 60_000);
  await bench.compact(topic);
  return bench.until(
    "the topic is compacted",
    async () => {
      const read = await bench.readChunks(topic);
      if (read.records.length < read.position && read.records[0]?.offset !== 0) return read;
      await bench.pass(500);
      return undefined;
    },
    60_000,
  );
};

const failure = (take: () => unknown): TransportError | undefined => {
  try {
    take();
  } catch (error) {
    if (error instanceof TransportError) return error;
    throw error;
  }
  return undefined;
};
