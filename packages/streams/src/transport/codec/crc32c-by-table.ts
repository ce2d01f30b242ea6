/** Tables for sixteen bytes at a time (slicing-by-16) of the Castagnoli polynomial, reflected. */
const tables: readonly Int32Array[] = (() => {
  const made = Array.from({ length: 16 }, () => new Int32Array(256));
  for (let n = 0; n < 256; n++) {
    let c = n;
    for (let bit = 0; bit < 8; bit++) c = c & 1 ? (c >>> 1) ^ 0x82f63b78 : c >>> 1;
    made[0]![n] = c;
  }
  for (let n = 0; n < 256; n++)
    for (let k = 1, c = made[0]![n]!; k < 16; k++) {
      c = made[0]![c & 255]! ^ (c >>> 8);
      made[k]![n] = c;
    }
  return made;
})();
const [t0, t1, t2, t3, t4, t5, t6, t7, t8, t9, t10, t11, t12, t13, t14, t15] = tables as [
  Int32Array,
  Int32Array,
  Int32Array,
  Int32Array,
  Int32Array,
  Int32Array,
  Int32Array,
  Int32Array,
  Int32Array,
  Int32Array,
  Int32Array,
  Int32Array,
  Int32Array,
  Int32Array,
  Int32Array,
  Int32Array,
];

const wordLength = 4;
const none = new Int32Array(0);
/** Words are read as the machine stores them; one that begins with the highest byte goes byte by byte. */
const lowestFirst = new Uint8Array(Int32Array.of(1).buffer)[0] === 1;

/** CRC-32C of `bytes[start, end)`, unsigned, in JavaScript alone. */
export const crc32cByTable = (bytes: Uint8Array, start: number, end: number): number => {
  let c = -1;
  let at = start;
  const { buffer, byteOffset } = bytes;
  for (; at < end && (byteOffset + at) % wordLength !== 0; at++) c = t0[(c ^ bytes[at]!) & 255]! ^ (c >>> 8);
  const words = lowestFirst && at < end ? new Int32Array(buffer, byteOffset + at, (end - at) >>> 2) : none;
  const whole = words.length - 3;
  let word = 0;
  for (; word < whole; word += 4) {
    const a = c ^ words[word]!;
    const b = words[word + 1]!;
    const d = words[word + 2]!;
    const e = words[word + 3]!;
    c =
      t15[a & 255]! ^
      t14[(a >>> 8) & 255]! ^
      t13[(a >>> 16) & 255]! ^
      t12[a >>> 24]! ^
      t11[b & 255]! ^
      t10[(b >>> 8) & 255]! ^
      t9[(b >>> 16) & 255]! ^
      t8[b >>> 24]! ^
      t7[d & 255]! ^
      t6[(d >>> 8) & 255]! ^
      t5[(d >>> 16) & 255]! ^
      t4[d >>> 24]! ^
      t3[e & 255]! ^
      t2[(e >>> 8) & 255]! ^
      t1[(e >>> 16) & 255]! ^
      t0[e >>> 24]!;
  }
  for (at += word * wordLength; at < end; at++) c = t0[(c ^ bytes[at]!) & 255]! ^ (c >>> 8);
  return (c ^ -1) >>> 0;
};
