const high = 0x1_0000_0000;

/** Writes a whole number within 2^53 as a signed big-endian int64. */
export const writeInt64 = (target: Buffer, at: number, value: number): void => {
  const upper = Math.floor(value / high);
  target.writeInt32BE(upper, at);
  target.writeUInt32BE(value - upper * high, at + 4);
};

/** Reads a signed big-endian int64 as a number; exact within 2^53. */
export const readInt64 = (source: Buffer, at: number): number =>
  source.readInt32BE(at) * high + source.readUInt32BE(at + 4);
