import type { Serde } from "../serde.ts";
import { readInt64, writeInt64 } from "../state/int64.ts";
import { nullPayload, unreadable, unwritable } from "./serde-errors.ts";

interface Fixed<T> {
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** What it writes, for messages. */
  readonly wanted: string;
  readonly holds: (value: unknown) => boolean;
  readonly write: (buffer: Buffer, value: T, at: number) => void;
  readonly read: (buffer: Buffer, at: number) => T;
}

const fixed = <T>({ name, size, wanted, holds, write, read }: Fixed<T>): Serde<T> => {
  const check = (value: T): void => {
    if (!holds(value)) throw unwritable(name, value, wanted);
  };
  return {
    name,
    primitive: true,
    check,
    serialize: Object.assign(
      (value: T) => {
        check(value);
        const buffer = Buffer.allocUnsafe(size);
        write(buffer, value, 0);
        return buffer;
      },
      {
        into: (value: T, target: Buffer, at: number) => {
          check(value);
          if (at + size <= target.length) write(target, value, at);
          return at + size;
        },
      },
    ),
    deserialize: (source, start, end) => {
      if (start < 0) throw nullPayload(name);
      if (end - start !== size) throw unreadable(name, `it takes ${size} bytes, not ${end - start}`);
      return read(source, start);
    },
  };
};

const int32 = fixed<number>({
  name: "int",
  size: 4,
  wanted: "whole numbers of 32 bits",
  holds: (value) => typeof value === "number" && value === (value | 0),
  write: (buffer, value, at) => buffer.writeInt32BE(value, at),
  read: (buffer, at) => buffer.readInt32BE(at),
});

const int64 = fixed<number>({
  name: "long",
  size: 8,
  wanted: "whole numbers within 2^53 (bigint() has the whole range)",
  holds: Number.isSafeInteger,
  write: (buffer, value, at) => writeInt64(buffer, at, value),
  read: (buffer, at) => {
    const value = readInt64(buffer, at);
    if (!Number.isSafeInteger(value))
      throw unreadable("long", `${buffer.readBigInt64BE(at)} is beyond 2^53; use the bigint() serde`);
    return value;
  },
});

const big64 = fixed<bigint>({
  name: "bigint",
  size: 8,
  wanted: "bigints of 64 bits",
  holds: (value) => typeof value === "bigint" && BigInt.asIntN(64, value) === value,
  write: (buffer, value, at) => buffer.writeBigInt64BE(value, at),
  read: (buffer, at) => buffer.readBigInt64BE(at),
});

const float64 = fixed<number>({
  name: "double",
  size: 8,
  wanted: "numbers",
  holds: (value) => typeof value === "number",
  write: (buffer, value, at) => buffer.writeDoubleBE(value, at),
  read: (buffer, at) => buffer.readDoubleBE(at),
});

/** Signed 32 bits, big-endian (`Serdes.Integer()`). Throws out of range. */
export const int = (): Serde<number> => int32;
/** Signed 64 bits, big-endian, as a number (`Serdes.Long()`). Throws beyond 2^53: see `bigint`. */
export const long = (): Serde<number> => int64;
/** Signed 64 bits, big-endian, as a bigint (`Serdes.Long()`, whole range). */
export const bigint = (): Serde<bigint> => big64;
/** IEEE 754, 64 bits, big-endian (`Serdes.Double()`). */
export const double = (): Serde<number> => float64;
