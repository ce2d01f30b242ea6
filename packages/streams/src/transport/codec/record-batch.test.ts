import fc from "fast-check";
import { expect, test } from "vitest";
import { type Headers, noHeaders } from "../../record.ts";
import type { Compression } from "../record-producer.ts";
import { BatchBuilder, type BatchProducer } from "./batch-builder.ts";
import { batchSpan } from "./batch-span.ts";
import type { BatchReader } from "./batch-reader.ts";
import { CorruptBatchError } from "./corrupt-batch-error.ts";
import { crc32c } from "./crc32c.ts";
import { readBatches } from "./read-batches.ts";
import { RecordTooLargeError } from "./record-too-large-error.ts";

interface Plain {
  readonly offset: number;
  readonly timestamp: number;
  readonly key: string | null;
  readonly value: string | null;
  readonly headers: Headers;
}

const nobody: BatchProducer = { producerId: -1n, producerEpoch: -1, baseSequence: -1, transactional: false };
const transactionOf = (producerId: bigint): BatchProducer => ({
  producerId,
  producerEpoch: 0,
  baseSequence: 0,
  transactional: true,
});

const text = (buffer: Buffer, start: number, end: number): string | null =>
  start < 0 ? null : buffer.toString("latin1", start, end);

const all = (reader: BatchReader): readonly Plain[] => {
  const records: Plain[] = [];
  while (reader.advance())
    records.push({
      offset: reader.offset,
      timestamp: reader.timestamp,
      key: text(reader.buffer, reader.keyStart, reader.keyEnd),
      value: text(reader.buffer, reader.valueStart, reader.valueEnd),
      headers: reader.headers().map(([name, value]) => [name, value]),
    });
  return records;
};

const at = (batch: Buffer, offset: number): Buffer => {
  batch.writeBigInt64BE(BigInt(offset));
  return batch;
};

const batchOf = (
  values: readonly string[],
  offset: number,
  producer = nobody,
  compression: Compression = "none",
) => {
  const builder = new BatchBuilder(1 << 20, compression);
  for (const value of values) builder.append(Buffer.from("k"), Buffer.from(value), 0, noHeaders);
  return at(builder.seal(producer), offset);
};

/** What the broker writes at the end of a transaction. */
const marker = (producerId: bigint, type: 0 | 1, offset: number): Buffer => {
  const builder = new BatchBuilder(1 << 20, "none");
  builder.append(Buffer.from([0, 0, 0, type]), Buffer.alloc(6), 0, noHeaders);
  const batch = at(builder.seal(transactionOf(producerId)), offset);
  batch.writeInt16BE(0x30, 21);
  batch.writeUInt32BE(crc32c(batch, 21, batch.length), 17);
  return batch;
};

const latin = (data: Uint8Array | null): string | null =>
  data === null ? null : Buffer.from(data).toString("latin1");

const bytes = fc.oneof(fc.constant(null), fc.uint8Array({ maxLength: 300 }));
const record = fc.record({
  key: bytes,
  value: bytes,
  timestamp: fc.integer({ min: 0, max: 2 ** 52 }),
  headers: fc.array(fc.tuple(fc.string(), fc.oneof(fc.constant(null), fc.uint8Array({ maxLength: 20 }))), {
    maxLength: 3,
  }),
});

test.each(["none", "gzip", "snappy", "lz4", "zstd"] as const)(
  "reads back what it wrote with %s",
  (compression) => {
    fc.assert(
      fc.property(
        fc.array(record, { minLength: 1, maxLength: 40 }),
        fc.integer({ min: 0, max: 2 ** 50 }),
        (rows, base) => {
          const builder = new BatchBuilder(1 << 20, compression);
          for (const { key, value, timestamp, headers } of rows)
            expect(
              builder.append(
                key,
                value,
                timestamp,
                headers.map(([n, v]) => [n, v === null ? null : Buffer.from(v)] as const),
              ),
            ).toBe(true);
          const { reader, nextOffset } = readBatches(at(builder.seal(nobody), base), {
            fromOffset: base,
            abortedTransactions: null,
          });
          expect(all(reader)).toEqual(
            rows.map(({ key, value, timestamp, headers }, n) => ({
              offset: base + n,
              timestamp,
              key: latin(key),
              value: latin(value),
              headers: headers.map(([name, v]) => [name, v === null ? null : Buffer.from(v)]),
            })),
          );
          expect(nextOffset).toBe(base + rows.length);
        },
      ),
      { numRuns: 60 },
    );
  },
);

test("holds 200,000 records in one batch", () => {
  const builder = new BatchBuilder(1 << 26, "none");
  for (let n = 0; n < 200_000; n++) builder.append(null, Buffer.from("v"), n, noHeaders);
  const { reader } = readBatches(builder.seal(nobody), { fromOffset: 0, abortedTransactions: null });
  expect(all(reader).length).toBe(200_000);
});

test("keeps timestamp 0, and timestamps out of order", () => {
  const builder = new BatchBuilder(1 << 20, "none");
  for (const timestamp of [999, 1000, 0, 5]) builder.append(null, null, timestamp, noHeaders);
  const batch = builder.seal(nobody);
  expect(batch.readBigInt64BE(35)).toBe(1000n);
  expect(
    all(readBatches(batch, { fromOffset: 0, abortedTransactions: null }).reader).map((r) => r.timestamp),
  ).toEqual([999, 1000, 0, 5]);
});

test("stays below the limit, and refuses a record that no batch would hold", () => {
  const builder = new BatchBuilder(1000, "none");
  let count = 0;
  while (builder.append(Buffer.from("key"), Buffer.alloc(90), 0, noHeaders)) count++;
  expect(count).toBeGreaterThan(5);
  expect(builder.seal(nobody).length).toBeLessThanOrEqual(1000);
  expect(() => builder.append(null, Buffer.alloc(1000), 0, noHeaders)).toThrow(RecordTooLargeError);
});

test("a sealed batch is not touched by what is appended next", () => {
  const builder = new BatchBuilder(1 << 20, "none");
  builder.append(null, Buffer.from("first"), 0, noHeaders);
  const sealed = builder.seal(nobody);
  const copy = Buffer.from(sealed);
  builder.append(null, Buffer.from("other"), 1, noHeaders);
  expect(sealed).toEqual(copy);
});

test("hides two aborted transactions that were both open at the fetch offset, in an unsorted index", () => {
  const blob = Buffer.concat([
    batchOf(["b1"], 10, transactionOf(2n)),
    batchOf(["a1"], 11, transactionOf(1n)),
    batchOf(["b2"], 12, transactionOf(2n)),
    marker(1n, 0, 13),
    marker(2n, 0, 14),
    batchOf(["a2"], 15, transactionOf(1n)),
    marker(1n, 1, 16),
  ]);
  const { reader, nextOffset } = readBatches(blob, {
    fromOffset: 10,
    abortedTransactions: [
      { producerId: 2n, firstOffset: 6 },
      { producerId: 1n, firstOffset: 5 },
    ],
  });
  expect(all(reader).map(({ value }) => value)).toEqual(["a2"]);
  expect(nextOffset).toBe(17);
});

test("a data record whose key looks like an abort marker ends nothing", () => {
  const builder = new BatchBuilder(1 << 20, "none");
  builder.append(Buffer.from([0, 0, 0, 0]), Buffer.from("trap"), 0, noHeaders);
  const blob = Buffer.concat([
    at(builder.seal(transactionOf(1n)), 7),
    batchOf(["still aborted"], 8, transactionOf(1n)),
    marker(1n, 0, 9),
  ]);
  const { reader } = readBatches(blob, {
    fromOffset: 7,
    abortedTransactions: [{ producerId: 1n, firstOffset: 7 }],
  });
  expect(all(reader)).toEqual([]);
});

test("advances past a batch that compaction emptied, and past a compacted tail", () => {
  const empty = batchOf(["x"], 100).subarray(0, 61);
  empty.writeInt32BE(61 - 12, 8);
  empty.writeInt32BE(49, 23);
  empty.writeInt32BE(0, 57);
  empty.writeUInt32BE(crc32c(empty, 21, 61), 17);
  expect(readBatches(empty, { fromOffset: 100, abortedTransactions: [] }).nextOffset).toBe(150);
  const tail = batchOf(["a"], 100);
  tail.writeInt32BE(49, 23);
  tail.writeUInt32BE(crc32c(tail, 21, tail.length), 17);
  const read = readBatches(tail, { fromOffset: 101, abortedTransactions: [] });
  expect(all(read.reader)).toEqual([]);
  expect(read.nextOffset).toBe(150);
});

test("leaves a cut-off last batch for the next fetch, and says when there is nothing else", () => {
  const whole = batchOf(["a"], 0);
  const cut = batchOf(["b"], 1).subarray(0, 40);
  const read = readBatches(Buffer.concat([whole, cut]), { fromOffset: 0, abortedTransactions: [] });
  expect([all(read.reader).length, read.nextOffset]).toEqual([1, 1]);
  expect(batchSpan(Buffer.concat([whole, cut]), 0)).toMatchObject({ nextOffset: 1, truncated: false });
  expect(batchSpan(cut, 1)).toMatchObject({ nextOffset: 1, truncated: true });
});

test.each(["none", "gzip", "snappy", "lz4", "zstd"] as const)(
  "a flipped bit with %s is an error that says where, never another record, and what is before is read",
  (compression) => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 0, max: 7 }), (place, bit) => {
        const batch = batchOf(["some value", "another"], 6, nobody, compression);
        const index = 21 + (place % (batch.length - 21));
        batch[index] = batch[index]! ^ (1 << bit);
        const { reader, nextOffset, corrupt } = readBatches(Buffer.concat([batchOf(["before"], 5), batch]), {
          fromOffset: 5,
          abortedTransactions: [],
          partition: "t-0",
        });
        expect(all(reader).map(({ value }) => value)).toEqual(["before"]);
        expect(nextOffset).toBe(6);
        expect(corrupt).toMatchObject({
          kafkaError: "CORRUPT_MESSAGE",
          rank: "fatal",
          message: expect.stringContaining("t-0 offset 6"),
        });
      }),
    );
  },
);

test("nonsense under a right checksum is a CorruptBatchError that says where", () => {
  const batch = batchOf(["value"], 7);
  batch[61] = 126; // the record's length
  batch.writeUInt32BE(crc32c(batch, 21, batch.length), 17);
  const { reader, corrupt } = readBatches(batch, {
    fromOffset: 7,
    abortedTransactions: [],
    partition: "t-0",
  });
  expect(corrupt).toBeUndefined();
  expect(() => reader.advance()).toThrow(CorruptBatchError);
  expect(() =>
    all(readBatches(batch, { fromOffset: 7, abortedTransactions: [], partition: "t-0" }).reader),
  ).toThrow("t-0 offset 7");
});
