import fc from "fast-check";
import { expect, test } from "vitest";
import { compressXerial, decompressSnappy } from "./xerial-snappy.ts";
import { Undecodable } from "./undecodable.ts";

test.each([
  ["a literal of 2^31 bytes and more", "0efccc0e5281000000000000ffff00007fff4532"],
  ["a literal of 2^32 bytes", "05fcffffffff6162636465"],
  ["a literal that goes beyond the block", "05106162"],
  ["a literal whose length is cut off", "05f40a"],
  ["a copy whose offset is cut off", "080461621601"],
  ["a copy with nothing behind its tag", "0604616201"],
])("refuses %s", (_what, hex) => {
  expect(() => decompressSnappy(Buffer.from(hex, "hex"))).toThrow(Undecodable);
});

test("reads what it wrote, framed and bare, whatever its length", () => {
  const repeated = fc
    .tuple(fc.uint8Array({ minLength: 1, maxLength: 300 }), fc.integer({ min: 1, max: 400 }))
    .map(([part, times]) => Buffer.concat(Array.from({ length: times }, () => part)));
  fc.assert(
    fc.property(
      fc.oneof(
        repeated,
        fc.uint8Array({ maxLength: 3_000 }).map((array) => Buffer.from(array)),
      ),
      (data) => {
        const framed = compressXerial(data);
        expect(decompressSnappy(framed).equals(data)).toBe(true);
        const blockLength = framed.length > 20 ? framed.readInt32BE(16) : 0;
        // The first block alone, as librdkafka writes it.
        const bare = framed.subarray(20, 20 + blockLength);
        expect(blockLength === 0 || decompressSnappy(bare).equals(data.subarray(0, 32 * 1024))).toBe(true);
      },
    ),
  );
});
