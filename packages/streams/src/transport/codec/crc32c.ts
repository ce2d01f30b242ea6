/** Tables for eight bytes at a time (slicing-by-8) of the Castagnoli polynomial, reflected. */
const tables: readonly Int32Array[] = (() => {
  const made = Array.from({ length: 8 }, () => new Int32Array(256));
  for (let n = 0; n < 256; n++) {
    let c = n;
    for (let bit = 0; bit < 8; bit++) c = c & 1 ? (c >>> 1) ^ 0x82f63b78 : c >>> 1;
    made[0]![n] = c;
  }
  for (let n = 0; n < 256; n++)
    for (let k = 1, c = made[0]![n]!; k < 8; k++) {
      c = made[0]![c & 255]! ^ (c >>> 8);
      made[k]![n] = c;
    }
  return made;
})();
const [t0, t1, t2, t3, t4, t5, t6, t7] = tables as [
  Int32Array,
  Int32Array,
  Int32Array,
  Int32Array,
  Int32Array,
  Int32Array,
  Int32Array,
  Int32Array,
];

/** CRC-32C of `bytes[start, end)`, unsigned: what Kafka's record batches carry. */
export const crc32c = (bytes: Uint8Array, start: number, end: number): number => {
  let c = -1;
  let at = start;
  for (const whole = end - 7; at < whole; at += 8) {
    c ^= bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
    c =
      t7[c & 255]! ^
      t6[(c >>> 8) & 255]! ^
      t5[(c >>> 16) & 255]! ^
      t4[c >>> 24]! ^
      t3[bytes[at + 4]!]! ^
      t2[bytes[at + 5]!]! ^
      t1[bytes[at + 6]!]! ^
      t0[bytes[at + 7]!]!;
  }
  while (at < end) c = t0[(c ^ bytes[at++]!) & 255]! ^ (c >>> 8);
  return (c ^ -1) >>> 0;
};
