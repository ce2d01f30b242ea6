/** Length of Confluent's framing: a magic 0, and the schema's id as a big-endian int32. */
export const framing = 5;

/** The schema id in front of `source[start, end)`; negative, which no id is, where there is none. */
export const schemaIdAt = (source: Buffer, start: number, end: number): number =>
  start < 0 || end - start < framing || source[start] !== 0
    ? -1
    : (source[start + 1]! << 24) |
      (source[start + 2]! << 16) |
      (source[start + 3]! << 8) |
      source[start + 4]!;

/** Writes the framing into the five bytes of `out` from `at` on. */
export const writeFraming = (out: Buffer, id: number, at = 0): Buffer => {
  out[at] = 0;
  out.writeInt32BE(id, at + 1);
  return out;
};

/** Why there is no schema id in front. */
export interface FramingProblem {
  readonly code: "NULL_PAYLOAD" | "WRONG_MAGIC" | "TRUNCATED" | "UNKNOWN_SCHEMA_ID";
  readonly message: string;
}

/** What is wrong with bytes in which `schemaIdAt` found no id. */
export const framingProblem = (name: string, source: Buffer, start: number, end: number): FramingProblem => {
  if (start < 0)
    return {
      code: "NULL_PAYLOAD",
      message: `null where ${name} is expected; nullable(...) reads it as a tombstone`,
    };
  const length = end - start;
  if (length > 0 && source[start] !== 0)
    return {
      code: "WRONG_MAGIC",
      message: `the first of ${length} bytes is ${source[start]}, not 0: not written with a schema registry, so not ${name}`,
    };
  if (length < framing)
    return {
      code: "TRUNCATED",
      message: `${length} bytes are too few for the schema id that ${name} begins with`,
    };
  const id = source.readInt32BE(start + 1);
  return {
    code: "UNKNOWN_SCHEMA_ID",
    message: `no registry gives out schema id ${id}, so this is not ${name}`,
  };
};
