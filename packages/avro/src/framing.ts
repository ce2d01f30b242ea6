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

/** Writes the framing into the first bytes of `out`. */
export const writeFraming = (out: Buffer, id: number): Buffer => {
  out[0] = 0;
  out.writeInt32BE(id, 1);
  return out;
};
