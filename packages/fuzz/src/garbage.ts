import fc from "fast-check";

/** Bytes of no meaning, or of some: many zeros, many continuation bits, one byte again and again. */
export const garbage: fc.Arbitrary<Buffer> = fc
  .oneof(
    fc.uint8Array({ maxLength: 200 }),
    fc.array(fc.constantFrom(0, 1, 2, 3, 4, 126, 127, 128, 129, 254, 255), { maxLength: 200 }),
    fc.tuple(fc.nat(255), fc.nat(5_000)).map(([byte, length]) => Buffer.alloc(length, byte)),
  )
  .map((bytes) => Buffer.from(bytes));

/** How bytes that somebody wrote are spoiled. */
export type Spoil = (bytes: Buffer) => Buffer;

/** Bytes changed, cut off, put in, or followed by others; often none of it. */
export const spoiling: fc.Arbitrary<Spoil> = fc
  .array(fc.tuple(fc.constantFrom("set", "cut", "insert", "append"), fc.nat(), garbage, fc.nat(255)), {
    maxLength: 3,
  })
  .map((changes) => (bytes) => {
    let spoiled = Buffer.from(bytes);
    for (const [change, at, more, byte] of changes) {
      const index = spoiled.length === 0 ? 0 : at % spoiled.length;
      if (change === "set") spoiled[index] = byte;
      else if (change === "cut") spoiled = Buffer.from(spoiled.subarray(0, index));
      else if (change === "insert")
        spoiled = Buffer.concat([spoiled.subarray(0, index), more.subarray(0, 8), spoiled.subarray(index)]);
      else spoiled = Buffer.concat([spoiled, more]);
    }
    return spoiled;
  });
