import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { noHeaders } from "../record.ts";
import { BatchBuilder } from "./codec/batch-builder.ts";
import { batchSpan } from "./codec/batch-span.ts";
import { decompress } from "./codec/compression.ts";
import { CorruptBatchError } from "./codec/corrupt-batch-error.ts";
import { crc32c } from "./codec/crc32c.ts";
import { readBatches } from "./codec/read-batches.ts";
import { Undecodable } from "./codec/undecodable.ts";
import { Decoder } from "./kafkajs/decoder.ts";
import type { Request } from "./kafkajs/request.ts";
import { addPartitionsToTxn } from "./kafkajs/requests/add-partitions-to-txn.ts";
import { createTopics } from "./kafkajs/requests/create-topics.ts";
import { deleteRecords } from "./kafkajs/requests/delete-records.ts";
import { describeTopicConfig } from "./kafkajs/requests/describe-topic-config.ts";
import { fetch } from "./kafkajs/requests/fetch.ts";
import { findCoordinator } from "./kafkajs/requests/find-coordinator.ts";
import { heartbeat } from "./kafkajs/requests/heartbeat.ts";
import { initProducerId } from "./kafkajs/requests/init-producer-id.ts";
import { joinGroup } from "./kafkajs/requests/join-group.ts";
import { leaveGroup } from "./kafkajs/requests/leave-group.ts";
import { listOffsets } from "./kafkajs/requests/list-offsets.ts";
import { metadata } from "./kafkajs/requests/metadata.ts";
import { offsetCommit } from "./kafkajs/requests/offset-commit.ts";
import { offsetFetch } from "./kafkajs/requests/offset-fetch.ts";
import { produce } from "./kafkajs/requests/produce.ts";
import { syncGroup } from "./kafkajs/requests/sync-group.ts";
import { txnOffsetCommit } from "./kafkajs/requests/txn-offset-commit.ts";
import { TransportError } from "./transport-error.ts";

/** How many inputs each property gets; `MILLRACE_FUZZ_RUNS` asks for more. */
const numRuns = Number(process.env["MILLRACE_FUZZ_RUNS"] ?? 300);
/** No input here is larger, so that nothing that is made of one needs more than this. */
const generousBytes = 64 * 1024 * 1024;

/** Numbers that break things: as the bytes of a length, a count, an offset. */
const trap = fc
  .constantFrom(0, 1, 0x7f, 0x80, 0xff, 0x7fff, 0xffff, 0x7fff_ffff, 0x8000_0000, 0xffff_fffe, 0xffff_ffff)
  .map((value) => {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(value);
    return bytes;
  });

const bytes = fc.uint8Array({ maxLength: 200 }).map((array) => Buffer.from(array));

/** Bytes of which some look like lengths. */
const garbage = fc.array(fc.oneof(trap, bytes), { maxLength: 8 }).map((parts) => Buffer.concat(parts));

/** Changes to bytes that are right: some are overwritten, some are cut off. */
const damages = fc.record({
  writes: fc.array(fc.tuple(fc.nat(), fc.oneof(trap, bytes)), { maxLength: 4 }),
  keep: fc.option(fc.nat(), { nil: undefined }),
});

const damaged = (
  good: Buffer,
  {
    writes,
    keep,
  }: { readonly writes: readonly (readonly [number, Buffer])[]; readonly keep: number | undefined },
): Buffer => {
  const copy = Buffer.from(good);
  for (const [place, data] of writes) data.copy(copy, place % (copy.length + 1));
  return keep === undefined ? copy : copy.subarray(0, keep % (copy.length + 1));
};

const memoryUsed = (body: () => void): number => {
  const before = process.memoryUsage().arrayBuffers;
  body();
  return process.memoryUsage().arrayBuffers - before;
};

/** What it throws that is no error of ours. */
const faultOf = (kinds: readonly (new (...args: never[]) => Error)[], body: () => void): unknown => {
  try {
    body();
    return undefined;
  } catch (error) {
    return kinds.some((kind) => error instanceof kind) ? undefined : error;
  }
};

const goodBatch = (
  compression: "none" | "gzip" | "snappy" | "lz4" | "zstd",
  transactional: boolean,
): Buffer => {
  const builder = new BatchBuilder(1 << 20, compression);
  for (let n = 0; n < 20; n++)
    builder.append(Buffer.from(`key ${n}`), n % 5 === 0 ? null : Buffer.from(`value ${n}`.repeat(n)), n, [
      ["name", Buffer.from("header")],
      ["none", null],
    ]);
  return builder.seal({ producerId: 5n, producerEpoch: 0, baseSequence: 0, transactional });
};

/** As a cluster would send it that means it: what is under the checksum is anybody's. */
const signed = (batch: Buffer): Buffer => {
  if (batch.length < 61) return batch;
  batch.writeInt32BE(batch.length - 12, 8);
  batch[16] = 2;
  batch.writeUInt32BE(crc32c(batch, 21, batch.length), 17);
  return batch;
};

const readAll = (blob: Buffer): void => {
  const { nextOffset } = batchSpan(blob, 0);
  expect(nextOffset).toBeGreaterThanOrEqual(0);
  const { reader } = readBatches(blob, {
    fromOffset: 0,
    abortedTransactions: [{ producerId: 5n, firstOffset: 3 }],
  });
  for (let count = 0; reader.advance(); count++) {
    expect(count).toBeLessThan(1 + blob.length * 1_000);
    expect(reader.keyEnd).toBeLessThanOrEqual(reader.buffer.length);
    expect(reader.valueEnd).toBeLessThanOrEqual(reader.buffer.length);
    reader.headers();
  }
};

describe("record batches", () => {
  test("that are garbage are read, or are CorruptBatchErrors", () => {
    fc.assert(
      fc.property(garbage, (blob) => {
        expect(faultOf([CorruptBatchError], () => readAll(blob))).toBeUndefined();
        expect(
          faultOf([CorruptBatchError], () => readAll(signed(Buffer.concat([blob, Buffer.alloc(70)])))),
        ).toBeUndefined();
      }),
      { numRuns },
    );
  });

  test.each(["none", "gzip", "snappy", "lz4", "zstd"] as const)(
    "that are damaged under a right checksum (%s) are read, or are CorruptBatchErrors, in bounded memory",
    (compression) => {
      fc.assert(
        fc.property(damages, fc.boolean(), (damage, transactional) => {
          const blob = signed(damaged(goodBatch(compression, transactional), damage));
          const used = memoryUsed(() => {
            expect(
              faultOf([CorruptBatchError], () => readAll(Buffer.concat([blob, goodBatch("none", false)]))),
            ).toBeUndefined();
          });
          expect(used).toBeLessThan(generousBytes);
        }),
        { numRuns },
      );
    },
  );
});

test.each([1, 2, 3, 4, 5, 6, 7])("compressed data of kind %i is decompressed, or is Undecodable", (code) => {
  const kinds = ["none", "gzip", "snappy", "lz4", "zstd"] as const;
  const kind = kinds[code];
  const good = kind === undefined ? Buffer.alloc(0) : goodBatch(kind, false).subarray(61);
  fc.assert(
    fc.property(garbage, damages, (blob, damage) => {
      const used = memoryUsed(() => {
        expect(faultOf([Undecodable], () => void decompress(code, blob))).toBeUndefined();
        expect(faultOf([Undecodable], () => void decompress(code, damaged(good, damage)))).toBeUndefined();
        // What librdkafka writes has no framing.
        expect(
          faultOf([Undecodable], () => void decompress(code, Buffer.concat([good.subarray(0, 16), blob]))),
        ).toBeUndefined();
      });
      expect(used).toBeLessThan(generousBytes);
    }),
    { numRuns },
  );
});

const identity = { producerId: 1n, producerEpoch: 0 };
const membership = { groupId: "g", generationId: 1, memberId: "m", groupInstanceId: null };
const requests: readonly Request<unknown>[] = [
  addPartitionsToTxn("id", identity, []),
  createTopics([]),
  deleteRecords([]),
  describeTopicConfig("t"),
  fetch([], { readCommitted: true, maxWaitMs: 0, maxBytes: 0 }),
  findCoordinator("g", "group"),
  heartbeat(membership),
  initProducerId("id", 1),
  joinGroup("g", {
    memberId: "",
    groupInstanceId: null,
    sessionTimeoutMs: 1,
    rebalanceTimeoutMs: 1,
    protocols: [],
  }),
  leaveGroup(membership),
  listOffsets([], -1, true),
  metadata([]),
  offsetCommit(membership, []),
  offsetFetch("g", []),
  produce("id", []),
  syncGroup(membership, [], 1),
  txnOffsetCommit("id", identity, membership, []),
];

test.each(requests.map((request) => [request.name, request] as const))(
  "an answer to %s that is garbage is an answer, an error of Kafka's, or one that ends too soon",
  (_, request) => {
    fc.assert(
      fc.property(garbage, (blob) => {
        expect(
          faultOf([TransportError, RangeError], () => void request.decode(new Decoder(blob))),
        ).toBeUndefined();
      }),
      { numRuns },
    );
  },
);

test("what a batch holds is not more than it may be: a producer's builder and the reader agree", () => {
  fc.assert(
    fc.property(fc.array(bytes, { maxLength: 30 }), (values) => {
      const builder = new BatchBuilder(1 << 20, "zstd");
      for (const value of values) builder.append(null, value, 0, noHeaders);
      if (values.length === 0) return;
      const { reader, corrupt } = readBatches(
        builder.seal({ producerId: -1n, producerEpoch: -1, baseSequence: -1, transactional: false }),
        { fromOffset: 0, abortedTransactions: null },
      );
      let count = 0;
      while (reader.advance()) count++;
      expect([count, corrupt]).toEqual([values.length, undefined]);
    }),
    { numRuns: 50 },
  );
});
