import assert from "node:assert/strict";
import fc, { type IRawProperty } from "fast-check";
import { BatchBuilder } from "../src/transport/codec/batch-builder.ts";
import { batchSpan } from "../src/transport/codec/batch-span.ts";
import { decompress } from "../src/transport/codec/compression.ts";
import { CorruptBatchError } from "../src/transport/codec/corrupt-batch-error.ts";
import { crc32c } from "../src/transport/codec/crc32c.ts";
import { readBatches } from "../src/transport/codec/read-batches.ts";
import { Undecodable } from "../src/transport/codec/undecodable.ts";
import { Decoder } from "../src/transport/kafkajs/decoder.ts";
import type { Request } from "../src/transport/kafkajs/request.ts";
import { addPartitionsToTxn } from "../src/transport/kafkajs/requests/add-partitions-to-txn.ts";
import { createTopics } from "../src/transport/kafkajs/requests/create-topics.ts";
import { deleteRecords } from "../src/transport/kafkajs/requests/delete-records.ts";
import { describeGroup } from "../src/transport/kafkajs/requests/describe-group.ts";
import { describeTopicConfig } from "../src/transport/kafkajs/requests/describe-topic-config.ts";
import { fetch } from "../src/transport/kafkajs/requests/fetch.ts";
import { findCoordinator } from "../src/transport/kafkajs/requests/find-coordinator.ts";
import { heartbeat } from "../src/transport/kafkajs/requests/heartbeat.ts";
import { initProducerId } from "../src/transport/kafkajs/requests/init-producer-id.ts";
import { joinGroup } from "../src/transport/kafkajs/requests/join-group.ts";
import { leaveGroup } from "../src/transport/kafkajs/requests/leave-group.ts";
import { listOffsets } from "../src/transport/kafkajs/requests/list-offsets.ts";
import { metadata } from "../src/transport/kafkajs/requests/metadata.ts";
import { offsetCommit } from "../src/transport/kafkajs/requests/offset-commit.ts";
import { offsetFetch } from "../src/transport/kafkajs/requests/offset-fetch.ts";
import { produce } from "../src/transport/kafkajs/requests/produce.ts";
import { syncGroup } from "../src/transport/kafkajs/requests/sync-group.ts";
import { txnOffsetCommit } from "../src/transport/kafkajs/requests/txn-offset-commit.ts";
import { TransportError } from "../src/transport/transport-error.ts";

/** Something that the wire brings, and what may become of it: an answer or an error of ours, in bounded memory. */
export interface WireProperty {
  readonly name: string;
  readonly property: () => IRawProperty<unknown>;
}

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

const inBoundedMemory = (body: () => void): void => {
  const before = process.memoryUsage().arrayBuffers;
  body();
  const used = process.memoryUsage().arrayBuffers - before;
  assert.ok(used < generousBytes, `${used} bytes were taken`);
};

/** Throws what `body` throws that is no error of ours. */
const oursOnly = (kinds: readonly (new (...args: never[]) => Error)[], body: () => void): void => {
  try {
    body();
  } catch (error) {
    if (!kinds.some((kind) => error instanceof kind)) throw error;
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
  assert.ok(nextOffset >= 0);
  const { reader } = readBatches(blob, {
    fromOffset: 0,
    abortedTransactions: [{ producerId: 5n, firstOffset: 3 }],
  });
  for (let count = 0; reader.advance(); count++) {
    assert.ok(count < 1 + blob.length * 1_000);
    assert.ok(reader.keyEnd <= reader.buffer.length && reader.valueEnd <= reader.buffer.length);
    reader.headers();
  }
};

const identity = { producerId: 1n, producerEpoch: 0 };
const membership = { groupId: "g", generationId: 1, memberId: "m", groupInstanceId: null };
const requests: readonly Request<unknown>[] = [
  addPartitionsToTxn("id", identity, []),
  createTopics([]),
  deleteRecords([]),
  describeGroup("g"),
  describeTopicConfig("t", "effective"),
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

const compressions = ["none", "gzip", "snappy", "lz4", "zstd"] as const;

/** Whatever comes from a broker: record batches, compressed data, answers of the protocol. */
export const wireProperties: readonly WireProperty[] = [
  {
    name: "record batches that are garbage are read, or are CorruptBatchErrors",
    property: () =>
      fc.property(garbage, (blob) => {
        oursOnly([CorruptBatchError], () => readAll(blob));
        oursOnly([CorruptBatchError], () => readAll(signed(Buffer.concat([blob, Buffer.alloc(70)]))));
      }),
  },
  ...compressions.map((compression) => ({
    name: `record batches that are damaged under a right checksum (${compression}) are read, or are CorruptBatchErrors`,
    property: () =>
      fc.property(damages, fc.boolean(), (damage, transactional) => {
        const blob = signed(damaged(goodBatch(compression, transactional), damage));
        inBoundedMemory(() =>
          oursOnly([CorruptBatchError], () => readAll(Buffer.concat([blob, goodBatch("none", false)]))),
        );
      }),
  })),
  ...[1, 2, 3, 4, 5, 6, 7].map((code) => ({
    name: `compressed data of kind ${code} is decompressed, or is Undecodable`,
    property: () => {
      const kind = compressions[code];
      const good = kind === undefined ? Buffer.alloc(0) : goodBatch(kind, false).subarray(61);
      return fc.property(garbage, damages, (blob, damage) => {
        // What librdkafka writes has no framing.
        const unframed = Buffer.concat([good.subarray(0, 16), blob]);
        inBoundedMemory(() => {
          for (const data of [blob, damaged(good, damage), unframed])
            oursOnly([Undecodable], () => void decompress(code, data));
        });
      });
    },
  })),
  ...requests.map((request) => ({
    name: `an answer to ${request.name} that is garbage is an answer, an error of Kafka's, or one that ends too soon`,
    property: () =>
      fc.property(garbage, (blob) =>
        oursOnly([TransportError, RangeError], () => void request.decode(new Decoder(blob))),
      ),
  })),
];
