/** Two halves of 64 bits, each a 32-bit integer of either sign. */
interface Int64 {
  high: number;
  low: number;
}

const seed = 104_729;
const c1: Int64 = { high: 0x87c37b91 | 0, low: 0x114253d5 };
const c2: Int64 = { high: 0x4cf5ad43, low: 0x2745937f };
const mix1: Int64 = { high: 0xff51afd7 | 0, low: 0xed558ccd | 0 };
const mix2: Int64 = { high: 0xc4ceb9fe | 0, low: 0x1a85ec53 };
const five: Int64 = { high: 0, low: 5 };
const add1: Int64 = { high: 0, low: 0x52dce729 };
const add2: Int64 = { high: 0, low: 0x38495ab5 };

/**
 * The 128 bits of Murmur3 for 64-bit machines, big-endian, with Kafka Streams' seed (`Murmur3.hash128`): how the two sides
 * of a foreign-key join tell one value from the next.
 */
export const murmur3 = (bytes: Uint8Array): Buffer => {
  const { length } = bytes;
  const whole = length & ~15;
  const h1: Int64 = { high: 0, low: seed };
  const h2: Int64 = { high: 0, low: seed };
  const k1: Int64 = { high: 0, low: 0 };
  const k2: Int64 = { high: 0, low: 0 };
  for (let at = 0; at < whole; at += 16) {
    read(k1, bytes, at, at + 8);
    read(k2, bytes, at + 8, at + 16);
    mixIn(h1, k1, c1, 31, c2);
    next(h1, 27, h2, add1);
    mixIn(h2, k2, c2, 33, c1);
    next(h2, 31, h1, add2);
  }
  if (length > whole + 8) {
    read(k2, bytes, whole + 8, length);
    mixIn(h2, k2, c2, 33, c1);
  }
  if (length > whole) {
    read(k1, bytes, whole, Math.min(length, whole + 8));
    mixIn(h1, k1, c1, 31, c2);
  }
  h1.low ^= length;
  h2.low ^= length;
  add(h1, h2);
  add(h2, h1);
  finish(h1);
  finish(h2);
  add(h1, h2);
  add(h2, h1);
  const out = Buffer.allocUnsafe(16);
  out.writeInt32BE(h1.high, 0);
  out.writeInt32BE(h1.low, 4);
  out.writeInt32BE(h2.high, 8);
  out.writeInt32BE(h2.low, 12);
  return out;
};

/** Up to eight bytes, the lowest first. */
const read = (target: Int64, bytes: Uint8Array, from: number, to: number): void => {
  target.low = 0;
  target.high = 0;
  for (let at = from; at < to; at++) {
    const place = at - from;
    if (place < 4) target.low |= bytes[at]! << (8 * place);
    else target.high |= bytes[at]! << (8 * (place - 4));
  }
};

const mixIn = (h: Int64, k: Int64, first: Int64, turn: number, second: Int64): void => {
  multiply(k, first);
  rotate(k, turn);
  multiply(k, second);
  h.high ^= k.high;
  h.low ^= k.low;
};

const next = (h: Int64, turn: number, other: Int64, constant: Int64): void => {
  rotate(h, turn);
  add(h, other);
  multiply(h, five);
  add(h, constant);
};

const finish = (h: Int64): void => {
  shiftIn(h);
  multiply(h, mix1);
  shiftIn(h);
  multiply(h, mix2);
  shiftIn(h);
};

/** h ^= h >>> 33. */
const shiftIn = (h: Int64): void => {
  h.low ^= h.high >>> 1;
};

const add = (a: Int64, b: Int64): void => {
  const low = (a.low >>> 0) + (b.low >>> 0);
  a.low = low | 0;
  a.high = (a.high + b.high + (low > 0xffffffff ? 1 : 0)) | 0;
};

/** To the left, by 1 to 63 bits other than 32. */
const rotate = (a: Int64, bits: number): void => {
  const { high, low } = a;
  const by = bits & 31;
  const first = bits < 32 ? high : low;
  const second = bits < 32 ? low : high;
  a.high = (first << by) | (second >>> (32 - by));
  a.low = (second << by) | (first >>> (32 - by));
};

const multiply = (a: Int64, b: Int64): void => {
  const { low, high } = a;
  const a0 = low & 0xffff;
  const a1 = low >>> 16;
  const b0 = b.low & 0xffff;
  const b1 = b.low >>> 16;
  const p00 = a0 * b0;
  const p01 = a0 * b1;
  const p10 = a1 * b0;
  const middle = (p00 >>> 16) + (p01 & 0xffff) + (p10 & 0xffff);
  a.low = (middle << 16) | (p00 & 0xffff);
  a.high =
    (a1 * b1 +
      (p01 >>> 16) +
      (p10 >>> 16) +
      (middle >>> 16) +
      Math.imul(high, b.low) +
      Math.imul(low, b.high)) |
    0;
};
