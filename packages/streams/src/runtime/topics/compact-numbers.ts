import { murmur2 } from "../../transport/murmur2.ts";
import { readUvarint, writeUvarint } from "./varint.ts";

/** Numbers by the hashes of their names. */
export interface HashedNumbers {
  /** Chosen so that no two of the names share a hash. */
  readonly salt: number;
  readonly hashBytes: number;
  readonly numbers: ReadonlyMap<number, number>;
}

const layout = 1;
const salts = 256;
const longestVarint = 8;
/** By salt, then name: the names are those of stores, and asked for with each commit. */
const hashes = new Map<number, Map<string, number>>();

/** The first bytes of a hash of a name. */
export const hashedName = (name: string, salt: number, hashBytes: number): number => {
  let salted = hashes.get(salt);
  if (salted === undefined) hashes.set(salt, (salted = new Map()));
  let hash = salted.get(name);
  if (hash === undefined) {
    hash = murmur2(Buffer.from(`${salt} ${name}`)) >>> 0;
    salted.set(name, hash);
  }
  return hash >>> (8 * (4 - hashBytes));
};

/**
 * `layout | hash bytes | salt | steps | ahead | (2 * step + several, [count], hash*)*`: the numbers from the greatest
 * down, each as a step from the one before, the first from `base + ahead`; those that are equal share one step.
 * Operators that close windows stand close together, so a number takes about seven bytes instead of its name.
 * Undefined where the hashes of so many bytes can't be kept apart.
 */
export const encodeCompactNumbers = (
  numbers: ReadonlyMap<string, number>,
  base: number,
  hashBytes: 3 | 4,
): Buffer | undefined => {
  const salt = freeSalt(numbers, hashBytes);
  if (salt === undefined) return undefined;
  const sorted = [...numbers].toSorted(([, a], [, b]) => b - a);
  const greatest = Math.max(base, sorted[0]?.[1] ?? base);
  const steps = sorted.filter(([, value], index) => value !== sorted[index - 1]?.[1]).length;
  const bytes = Buffer.alloc(3 + 2 * longestVarint + sorted.length * (hashBytes + 2 * longestVarint));
  bytes.set([layout, hashBytes, salt]);
  let at = writeUvarint(bytes, writeUvarint(bytes, 3, steps), greatest - base);
  let last = greatest;
  for (let index = 0; index < sorted.length;) {
    const value = sorted[index]?.[1] ?? 0;
    let end = index + 1;
    while (sorted[end]?.[1] === value) end++;
    at = writeUvarint(bytes, at, 2 * (last - value) + (end - index > 1 ? 1 : 0));
    if (end - index > 1) at = writeUvarint(bytes, at, end - index);
    for (const [name] of sorted.slice(index, end))
      at = bytes.writeUIntBE(hashedName(name, salt, hashBytes), at, hashBytes);
    last = value;
    index = end;
  }
  return bytes.subarray(0, at);
};

/** Undefined for another layout. Throws a RangeError on bytes that end too early. */
export const decodeCompactNumbers = (bytes: Buffer, base: number): HashedNumbers | undefined => {
  const hashBytes = bytes[1];
  if (bytes[0] !== layout || (hashBytes !== 3 && hashBytes !== 4)) return undefined;
  const salt = bytes.readUInt8(2);
  const numbers = new Map<number, number>();
  const cursor = { at: 3 };
  let steps = readUvarint(bytes, cursor);
  for (let value = base + readUvarint(bytes, cursor); steps > 0; steps--) {
    const step = readUvarint(bytes, cursor);
    value -= Math.floor(step / 2);
    for (let names = step % 2 === 1 ? readUvarint(bytes, cursor) : 1; names > 0; names--) {
      numbers.set(bytes.readUIntBE(cursor.at, hashBytes), value);
      cursor.at += hashBytes;
    }
  }
  return { salt, hashBytes, numbers };
};

const freeSalt = (names: ReadonlyMap<string, unknown>, hashBytes: number): number | undefined => {
  for (let salt = 0; salt < salts; salt++) {
    const seen = new Set<number>();
    for (const name of names.keys()) seen.add(hashedName(name, salt, hashBytes));
    if (seen.size === names.size) return salt;
  }
  return undefined;
};
