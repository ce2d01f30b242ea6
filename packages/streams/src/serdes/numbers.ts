import type { Serde } from "../serde.ts";
import { nullPayload } from "./null-payload.ts";

const fixed = <T>(
  name: string,
  size: number,
  check: (value: T) => void,
  write: (buffer: Buffer, value: T) => void,
  read: (buffer: Buffer, at: number) => T,
): Serde<T> => ({
  name,
  primitive: true,
  check,
  serialize: (value) => {
    check(value);
    const buffer = Buffer.allocUnsafe(size);
    write(buffer, value);
    return buffer;
  },
  deserialize: (source, start, end) => {
    if (start < 0) throw nullPayload(name);
    if (end - start !== size) throw new RangeError(`${name} takes ${size} bytes, not ${end - start}`);
    return read(source, start);
  },
});

const safe = (value: bigint): number => {
  const number = Number(value);
  if (!Number.isSafeInteger(number)) throw new RangeError(`${value} is beyond 2^53; use the bigint() serde`);
  return number;
};

const int32 = fixed<number>(
  "int",
  4,
  (v) => {
    if (v !== (v | 0)) throw new RangeError(`${String(v)} is not a whole number of 32 bits`);
  },
  (b, v) => b.writeInt32BE(v),
  (b, at) => b.readInt32BE(at),
);
const int64 = fixed<number>(
  "long",
  8,
  (v) => {
    if (!Number.isSafeInteger(v)) throw new RangeError(`${String(v)} is not a whole number within 2^53`);
  },
  (b, v) => {
    b.writeInt32BE(Math.floor(v / 0x1_0000_0000), 0);
    b.writeUInt32BE(v - Math.floor(v / 0x1_0000_0000) * 0x1_0000_0000, 4);
  },
  (b, at) => safe(b.readBigInt64BE(at)),
);
const big64 = fixed<bigint>(
  "bigint",
  8,
  (v) => {
    if (typeof v !== "bigint" || v !== BigInt.asIntN(64, v))
      throw new RangeError(`${String(v)} is not a bigint of 64 bits`);
  },
  (b, v) => b.writeBigInt64BE(v),
  (b, at) => b.readBigInt64BE(at),
);
const float64 = fixed<number>(
  "double",
  8,
  (v) => {
    if (typeof v !== "number") throw new TypeError(`${String(v)} is not a number`);
  },
  (b, v) => b.writeDoubleBE(v),
  (b, at) => b.readDoubleBE(at),
);

/** Signed 32 bits, big-endian (`Serdes.Integer()`). Throws out of range. */
export const int = (): Serde<number> => int32;
/** Signed 64 bits, big-endian, as a number (`Serdes.Long()`). Throws beyond 2^53: see `bigint`. */
export const long = (): Serde<number> => int64;
/** Signed 64 bits, big-endian, as a bigint (`Serdes.Long()`, whole range). */
export const bigint = (): Serde<bigint> => big64;
/** IEEE 754, 64 bits, big-endian (`Serdes.Double()`). */
export const double = (): Serde<number> => float64;
