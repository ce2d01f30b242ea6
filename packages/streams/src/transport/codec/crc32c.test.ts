import { expect, test } from "vitest";
import { crc32cByTable } from "./crc32c-by-table.ts";
import { crc32c } from "./crc32c.ts";

/** Bit by bit, as the polynomial says. */
const slow = (bytes: Uint8Array): number => {
  let c = -1;
  for (const byte of bytes) {
    c ^= byte;
    for (let bit = 0; bit < 8; bit++) c = c & 1 ? (c >>> 1) ^ 0x82f63b78 : c >>> 1;
  }
  return (c ^ -1) >>> 0;
};

test.each([crc32c, crc32cByTable])("answers the check value of CRC-32C", (sum) => {
  expect(sum(Buffer.from("123456789"), 0, 9)).toBe(0xe3069283);
});

test("answers the same wherever the bytes begin and end", () => {
  const source = Buffer.from(Uint8Array.from({ length: 120 }, (_, at) => (at * 0x9e3779b1) >>> 11));
  for (let from = 0; from < 20; from++) {
    const part = source.subarray(from);
    for (let start = 0; start < 6; start++)
      for (let end = start; end <= start + 40; end++)
        expect(crc32cByTable(part, start, end)).toBe(slow(part.subarray(start, end)));
  }
});

test("answers the same in native code, which sums what is long", () => {
  const source = Buffer.from(Uint8Array.from({ length: 5_000 }, (_, at) => (at * 0x9e3779b1) >>> 11));
  for (let start = 0; start < 20; start++)
    for (const length of [0, 1, 1_000, 1_023, 1_024, 1_025, 4_900])
      expect(crc32c(source, start, start + length)).toBe(slow(source.subarray(start, start + length)));
});
