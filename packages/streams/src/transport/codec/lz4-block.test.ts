import fc from "fast-check";
import { expect, test } from "vitest";
import { compressLz4Block, decompressLz4Block, lz4BlockBound, lz4GrowthBound } from "./lz4-block.ts";

/** Reads a block as the format says, and refuses what a decoder may refuse. */
const decoded = (block: Uint8Array, size: number): Buffer => {
  const out: number[] = [];
  let at = 0;
  const more = (nibble: number): number => {
    let value = nibble;
    if (nibble === 15)
      for (;;) {
        const byte = block[at++] ?? 0;
        value += byte;
        if (byte !== 255) break;
      }
    return value;
  };
  while (at < block.length) {
    const token = block[at++] ?? 0;
    const literals = more(token >> 4);
    for (let n = 0; n < literals; n++) out.push(block[at++] ?? 0);
    if (at === block.length) break;
    expect(out.length, "a match in the last 12 bytes").toBeLessThanOrEqual(size - 12);
    const offset = (block[at++] ?? 0) | ((block[at++] ?? 0) << 8);
    expect(offset).toBeGreaterThan(0);
    expect(offset).toBeLessThanOrEqual(out.length);
    const length = more(token & 15) + 4;
    for (let n = 0; n < length; n++) out.push(out[out.length - offset] ?? 0);
    expect(out.length, "a match into the last 5 bytes").toBeLessThanOrEqual(size - 5);
  }
  return Buffer.from(out);
};

const compressed = (source: Buffer): Uint8Array => {
  const target = new Uint8Array(lz4BlockBound(source.length));
  return target.subarray(0, compressLz4Block(source, target));
};

test("what is compressed is read again, and keeps the rules for a block's end", () => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 300 }),
    // Repetitions, of all periods, that end anywhere.
    fc
      .tuple(fc.uint8Array({ minLength: 1, maxLength: 40 }), fc.integer({ min: 0, max: 2_000 }))
      .map(([part, size]) => Uint8Array.from({ length: size }, (_, n) => part[n % part.length] ?? 0)),
    fc.array(fc.constantFrom(1, 2), { maxLength: 500 }).map((list) => Uint8Array.from(list)),
  );
  fc.assert(
    fc.property(bytes, (source) => {
      const buffer = Buffer.from(source);
      const block = Buffer.from(compressed(buffer));
      expect(decoded(block, buffer.length)).toEqual(buffer);
      expect(buffer.length).toBeLessThanOrEqual(lz4GrowthBound(block.length));
      // Behind what was there before.
      const target = Buffer.alloc(3 + buffer.length);
      expect(decompressLz4Block(block, 0, block.length, target, 3, target.length)).toBe(target.length);
      expect(target.subarray(3)).toEqual(buffer);
    }),
    { numRuns: 1_000 },
  );
});

test("compresses what repeats, and hardly grows what does not", () => {
  expect(compressed(Buffer.alloc(65_536, "ab")).length).toBeLessThan(300);
  let seed = 1;
  const noise = Buffer.from(
    Array.from({ length: 65_536 }, () => {
      seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
      return seed >>> 16;
    }),
  );
  expect(compressed(noise).length).toBeLessThanOrEqual(lz4BlockBound(noise.length));
  expect(decoded(compressed(noise), noise.length)).toEqual(noise);
});
