import { ProtobufError } from "./protobuf-error.ts";

/** More than any file nests. */
const maxDepth = 64;

/** Which message of its file follows: a count and as many indexes, zig-zag varints; one 0 stands for the first message. */
export const indexesBytes = (indexes: readonly number[]): Buffer =>
  indexes.length === 1 && indexes[0] === 0
    ? Buffer.of(0)
    : Buffer.from([indexes.length, ...indexes].flatMap(varint));

const varint = (value: number): readonly number[] => {
  const bytes: number[] = [];
  let rest = value * 2;
  for (; rest > 127; rest >>>= 7) bytes.push((rest & 127) | 128);
  return [...bytes, rest];
};

/** The indexes at `start`, and where they end. Throws TRUNCATED, MALFORMED. */
export const readIndexes = (
  source: Buffer,
  start: number,
  end: number,
): { readonly indexes: readonly number[]; readonly next: number } => {
  let at = start;
  const read = (): number => {
    let value = 0;
    for (let shift = 0; shift < 28; shift += 7) {
      if (at >= end)
        throw new ProtobufError("TRUNCATED", "the bytes end within the indexes of a Protobuf message");
      const byte = source[at++]!;
      value |= (byte & 127) << shift;
      if (byte < 128) return (value >>> 1) ^ -(value & 1);
    }
    throw new ProtobufError("MALFORMED", "an index of a Protobuf message that no file has");
  };
  const count = read();
  if (count === 0) return { indexes: [0], next: at };
  if (count < 0 || count > maxDepth)
    throw new ProtobufError(
      "MALFORMED",
      `${count} indexes of a Protobuf message, where there are up to ${maxDepth}`,
    );
  const indexes = Array.from({ length: count }, read);
  return { indexes, next: at };
};
