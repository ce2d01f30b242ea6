import fc from "fast-check";
import { expect, test } from "vitest";
import { SerializedRows, type SerializedRow } from "./serialized-rows.ts";

interface Step {
  readonly kind: "put" | "delete" | "take";
  readonly key: Uint8Array;
  readonly length: number;
}

const steps = fc.array(
  fc.record({
    kind: fc.constantFrom<Step["kind"]>("put", "put", "put", "put", "delete", "take"),
    key: fc.oneof(
      fc.uint8Array({ maxLength: 2 }),
      fc.uint8Array({ minLength: 5, maxLength: 9 }),
      fc.nat(40).map((n) => Buffer.from(`key-${n}`)),
    ),
    length: fc.oneof(fc.nat(40), fc.nat(3_000)),
  }),
  { maxLength: 300 },
);

const recordAt = (
  buffer: Buffer,
  keyStart: number,
  keyEnd: number,
  valueStart: number,
  valueEnd: number,
  timestamp: number,
  offset: number,
): Parameters<SerializedRows["put"]>[0] => ({
  buffer,
  keyStart,
  keyEnd,
  valueStart,
  valueEnd,
  timestamp,
  offset,
});

const shown = ({ source, keyEnd, valueEnd, timestamp, offset }: SerializedRow): string =>
  `${source.toString("latin1", keyEnd, valueEnd)} ${timestamp} ${offset}`;

/** Four bytes. */
const nameOf = (n: number): string => `${n}`.padStart(4, "k");

const refused = (): never => {
  throw new Error("not now");
};

test("rows as bytes are what a Map of them would be, whatever comes, goes and grows", () => {
  fc.assert(
    fc.property(steps, fc.constantFrom(1, 7, 1_000), (changes, perBuffer) => {
      const rows = new SerializedRows();
      const model = new Map<string, string>();
      for (let first = 0; first < changes.length; first += perBuffer) {
        const some = changes.slice(first, first + perBuffer);
        const source = Buffer.concat(some.flatMap(({ key, length }) => [key, Buffer.alloc(length, first)]));
        let keyStart = 0;
        for (const [at, { kind, key, length }] of some.entries()) {
          const name = Buffer.from(key).toString("latin1");
          const keyEnd = keyStart + key.length;
          const valueEnd = keyEnd + length;
          const timestamp = 2 ** 40 + at;
          const taken = kind === "take" ? rows.take(key, shown) : undefined;
          expect(taken).toBe(kind === "take" ? model.get(name) : undefined);
          if (kind === "delete") rows.put(recordAt(source, keyStart, keyEnd, -1, -1, timestamp, at));
          if (kind === "put") rows.put(recordAt(source, keyStart, keyEnd, keyEnd, valueEnd, timestamp, at));
          if (kind === "put")
            model.set(name, `${source.toString("latin1", keyEnd, valueEnd)} ${timestamp} ${at}`);
          else model.delete(name);
          keyStart = valueEnd;
        }
      }
      expect(rows.size).toBe(model.size);
      const all = Array.from(rows, (row) => [
        row.source.toString("latin1", row.keyStart, row.keyEnd),
        shown(row),
      ]);
      expect(new Map(all as [string, string][])).toEqual(model);
    }),
  );
});

test("a row that can't be made stays", () => {
  const rows = new SerializedRows();
  const key = Buffer.from("k");
  rows.put(recordAt(key, 0, 1, 0, 0, 1, 2));
  expect(() => rows.take(key, refused)).toThrow("not now");
  expect(rows.take(key, ({ offset }) => offset)).toBe(2);
});

test("those that nobody asks for leave with the others, once these are the fewer", () => {
  const rows = new SerializedRows();
  const keys = Buffer.from(Array.from({ length: 1_000 }, (_, n) => nameOf(n)).join(""));
  for (let n = 0; n < 1_000; n++) rows.put(recordAt(keys, 4 * n, 4 * n + 4, 0, 0, 0, n));
  const left = new Set<number>();
  expect(rows.sweep(({ offset }) => offset)).toBeUndefined();
  for (let n = 0; n < 600; n++) left.add(rows.take(Buffer.from(nameOf(n)), ({ offset }) => offset) ?? -1);
  for (let n = 0; n < 1_000 && rows.size > 0; n++) {
    const offset = rows.sweep((row) => row.offset);
    if (offset !== undefined) left.add(offset);
  }
  expect(left.size).toBe(1_000);
  expect(rows.size).toBe(0);
});

test("what was made of a row is not overwritten by those that come later", () => {
  const rows = new SerializedRows();
  const put = (text: string): void => rows.put(recordAt(Buffer.from(text), 0, 1, 0, text.length, 0, 0));
  put("a-value");
  const held = rows.take(Buffer.from("a"), ({ source, keyEnd, valueEnd }) =>
    source.subarray(keyEnd, valueEnd),
  );
  for (let n = 0; n < 100; n++) put(`${String.fromCharCode(98 + n)}-other`);
  expect(held?.toString()).toBe("a-value");
});

test("memory of rows that are replaced or deleted is used again", () => {
  const rows = new SerializedRows();
  const before = process.memoryUsage().arrayBuffers;
  const record = Buffer.alloc(1_014);
  for (let n = 0; n < 200_000; n++) {
    record.writeUInt32BE(n);
    record.writeUInt32BE(n - 10 < 0 ? 0xffff_ffff : n - 10, 4);
    rows.put(recordAt(record, 0, 4, 8, 8 + (n % 1_000), 0, n));
    rows.put(recordAt(record, 4, 8, -1, -1, 0, n));
    // It is somebody else's memory from here on.
    rows.rest();
  }
  expect(rows.size).toBe(10);
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(16 * 1024 * 1024);
});
