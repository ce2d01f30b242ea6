import fc from "fast-check";
import { expect, test } from "vitest";
import { murmur3 } from "./murmur3.ts";

const bits = (1n << 64n) - 1n;
const rotated = (value: bigint, by: bigint): bigint => ((value << by) | (value >> (64n - by))) & bits;
const finished = (value: bigint): bigint => {
  let h = value;
  h = ((h ^ (h >> 33n)) * 0xff51afd7ed558ccdn) & bits;
  h = ((h ^ (h >> 33n)) * 0xc4ceb9fe1a85ec53n) & bits;
  return h ^ (h >> 33n);
};

/** The same by the book, in numbers of any size. */
const byTheBook = (bytes: Uint8Array): string => {
  const [c1, c2] = [0x87c37b91114253d5n, 0x4cf5ad432745937fn];
  const word = (from: number, to: number): bigint =>
    bytes.subarray(from, to).reduce((sum, byte, at) => sum | (BigInt(byte) << BigInt(8 * at)), 0n);
  let [h1, h2] = [104_729n, 104_729n];
  for (let at = 0; at < bytes.length; at += 16) {
    h1 ^= (rotated((word(at, at + 8) * c1) & bits, 31n) * c2) & bits;
    const isWhole = at + 16 <= bytes.length;
    if (isWhole) h1 = (((rotated(h1, 27n) + h2) & bits) * 5n + 0x52dce729n) & bits;
    h2 ^= (rotated((word(at + 8, at + 16) * c2) & bits, 33n) * c1) & bits;
    if (isWhole) h2 = (((rotated(h2, 31n) + h1) & bits) * 5n + 0x38495ab5n) & bits;
  }
  h1 ^= BigInt(bytes.length);
  h2 ^= BigInt(bytes.length);
  h1 = (h1 + h2) & bits;
  h2 = (h2 + h1) & bits;
  h1 = finished(h1);
  h2 = finished(h2);
  h1 = (h1 + h2) & bits;
  h2 = (h2 + h1) & bits;
  return [h1, h2].map((half) => half.toString(16).padStart(16, "0")).join("");
};

test("is the hash of Murmur3 by the book, whatever the length", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 70 }), (bytes) => {
      expect(murmur3(bytes).toString("hex")).toBe(byTheBook(bytes));
    }),
  );
});
