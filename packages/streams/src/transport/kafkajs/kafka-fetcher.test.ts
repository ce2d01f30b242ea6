import { afterEach, expect, test } from "vitest";
import { fetchOutcomes } from "../../../test/scripted-answers.ts";
import { ScriptedCluster } from "../../../test/scripted-cluster.ts";
import { noHeaders } from "../../record.ts";
import { BatchBuilder } from "../codec/batch-builder.ts";
import type { FetchedChunk, Fetcher, FetcherOptions } from "../fetcher.ts";
import { topicPartitionName } from "../topic-partition.ts";
import { TransportError } from "../transport-error.ts";
import { kafka } from "./kafka-transport.ts";

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).toReversed()) await one.close();
});

const batchBytes = 10_000;

/** One record that makes a batch of about that size, as the leader of an epoch has it at an offset. */
const batchAt = (offset: number, leaderEpoch = 4): Buffer => {
  const builder = new BatchBuilder(1 << 20, "none");
  builder.append(null, Buffer.alloc(batchBytes - 80), offset, noHeaders);
  const batch = builder.seal({ producerId: -1n, producerEpoch: -1, baseSequence: -1, transactional: false });
  batch.writeBigInt64BE(BigInt(offset));
  batch.writeInt32BE(leaderEpoch, 12);
  return batch;
};

/** A cluster whose partitions hold as much as anybody wants to read. */
const endless = async (partitions: number, brokers = 1): Promise<ScriptedCluster> => {
  const cluster = await ScriptedCluster.start(brokers);
  open.push(cluster);
  cluster.partitions = partitions;
  cluster.leader = (_, partition) => 1 + (partition % brokers);
  cluster.on("Fetch", ({ body }) => {
    // As a broker does: no more than was asked for altogether.
    let used = 0;
    return fetchOutcomes(body, ({ offset, maxBytes, responseBytes }) => {
      const batches: Buffer[] = [];
      for (
        let own = 0;
        used + batchBytes <= responseBytes && own + batchBytes <= maxBytes;
        own += batchBytes, used += batchBytes
      )
        batches.push(batchAt(offset + batches.length));
      return { endOffset: 1_000_000, records: Buffer.concat(batches) };
    });
  });
  return cluster;
};

const fetcherOf = async (
  cluster: ScriptedCluster,
  options: Partial<FetcherOptions> = {},
): Promise<Fetcher> => {
  const transport = kafka({ brokers: [cluster.addressText(1)] });
  open.push(transport);
  await transport.connect();
  return transport.createFetcher({
    readCommitted: true,
    maxWaitMs: 20,
    maxBytesPerPartition: 1 << 20,
    maxBytes: 16 << 20,
    maxBufferedBytesPerPartition: 4 << 20,
    maxBufferedBytes: 64 << 20,
    onAvailable: () => undefined,
    ...options,
  });
};

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const taken = async (fetcher: Fetcher, partition: number): Promise<FetchedChunk> => {
  let chunk: FetchedChunk | undefined;
  await expect.poll(() => (chunk = fetcher.take("t", partition))).toBeDefined();
  return chunk as FetchedChunk;
};

test.each([1, 3])(
  "forty partitions of %i brokers together hold no more than they may, and all are read",
  async (brokers) => {
    const partitions = 40;
    const maxBufferedBytes = 500_000;
    const cluster = await endless(partitions, brokers);
    const fetcher = await fetcherOf(cluster, { maxBufferedBytes });
    for (let partition = 0; partition < partitions; partition++) fetcher.add("t", partition, 0);
    await pause(500);
    let buffered = 0;
    for (let partition = 0; partition < partitions; partition++)
      for (let chunk; (chunk = fetcher.take("t", partition)) !== undefined;) {
        buffered += chunk.byteLength;
      }
    // A partition that has nothing gets a little, however full the buffers are.
    expect(buffered).toBeGreaterThan(maxBufferedBytes / 2);
    expect(buffered).toBeLessThanOrEqual(maxBufferedBytes + partitions * 16 * 1024);
    const read = new Set<string>();
    await expect
      .poll(
        () => {
          for (let partition = 0; partition < partitions; partition++)
            if (fetcher.take("t", partition) !== undefined) read.add(topicPartitionName("t", partition));
          return read.size;
        },
        { timeout: 10_000 },
      )
      .toBe(partitions);
  },
);

test("a partition that has nothing gets something, though the others fill the buffers and nobody takes them", async () => {
  const cluster = await endless(3);
  const fetcher = await fetcherOf(cluster, { maxBufferedBytes: 100_000 });
  fetcher.add("t", 0, 0);
  fetcher.add("t", 1, 0);
  await pause(200);
  fetcher.add("t", 2, 0);
  let position = 0;
  while (position < 20) ({ nextOffset: position } = await taken(fetcher, 2));
  expect(fetcher.take("t", 0)?.nextOffset).toBeGreaterThan(0);
});

test("a damaged batch is told by take, after what is before it, once, and with its place", async () => {
  const cluster = await endless(1);
  const damaged = batchAt(2);
  damaged[5_000] = 1;
  let damage = true;
  cluster.on("Fetch", ({ body }) =>
    fetchOutcomes(body, ({ offset }) => ({
      endOffset: 4,
      records:
        offset === 0
          ? Buffer.concat([batchAt(0), batchAt(1), damage ? damaged : batchAt(2), batchAt(3)])
          : Buffer.alloc(0),
    })),
  );
  const fetcher = await fetcherOf(cluster);
  fetcher.add("t", 0, 0);
  const chunk = await taken(fetcher, 0);
  const offsets: number[] = [];
  while (chunk.records.advance()) offsets.push(chunk.records.offset);
  expect([offsets, chunk.nextOffset]).toEqual([[0, 1], 2]);
  expect(() => fetcher.take("t", 0)).toThrow(
    expect.objectContaining({
      kafkaError: "CORRUPT_MESSAGE",
      rank: "fatal",
      message: expect.stringContaining("t-0 offset 2"),
    }),
  );
  expect(fetcher.take("t", 0)).toBeUndefined();
  damage = false;
  fetcher.add("t", 0, 0);
  expect((await taken(fetcher, 0)).nextOffset).toBe(4);
});

test("a log that its broker calls damaged is fatal, and not asked for for ever", async () => {
  const cluster = await endless(1);
  cluster.on("Fetch", ({ body }) => fetchOutcomes(body, () => ({ code: 2, endOffset: -1 })));
  const fetcher = await fetcherOf(cluster);
  fetcher.add("t", 0, 7);
  const failure = await failureOf(fetcher);
  expect(failure).toMatchObject({ kafkaError: "CORRUPT_MESSAGE", rank: "fatal" });
  expect(failure.message).toContain("t-0 offset 7");
});

test("an offset out of range is told once for each add", async () => {
  const cluster = await endless(1);
  cluster.on("Fetch", ({ body }) => fetchOutcomes(body, () => ({ code: 1, endOffset: -1 })));
  const fetcher = await fetcherOf(cluster);
  for (let round = 0; round < 2; round++) {
    fetcher.add("t", 0, 7);
    expect((await failureOf(fetcher)).kafkaError).toBe("OFFSET_OUT_OF_RANGE");
    await pause(100);
    expect(fetcher.take("t", 0)).toBeUndefined();
  }
});

test("the end of the newest answer is known before anything is taken, and the leader's epoch with what is", async () => {
  const cluster = await endless(1);
  const fetcher = await fetcherOf(cluster);
  expect(fetcher.endOffset("t", 0)).toBe(-1);
  fetcher.add("t", 0, 0);
  await expect.poll(() => fetcher.endOffset("t", 0)).toBe(1_000_000);
  expect((await taken(fetcher, 0)).leaderEpoch).toBe(4);
});

const failureOf = async (fetcher: Fetcher): Promise<TransportError> => {
  let failure: TransportError | undefined;
  await expect
    .poll(() => {
      try {
        fetcher.take("t", 0);
      } catch (error) {
        if (!(error instanceof TransportError)) throw error;
        failure = error;
      }
      return failure;
    })
    .toBeDefined();
  return failure as TransportError;
};
