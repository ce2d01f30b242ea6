import { Undecodable } from "./undecodable.ts";

/** No match starts in the last 12 bytes of a block, nor reaches into the last 5: decoders copy in steps of 8. */
const noMatchFrom = 12;
const lastLiterals = 5;
const minMatch = 4;
/** After so many failed looks (2^6) in a row the step grows by one: what can't be compressed is soon done with. */
const skipTrigger = 6;
const hashBits = 14;
/** From this many bytes on a call is faster than a loop. */
const worthACopy = 32;
/** Where four bytes with this hash were last seen in the block. */
const seen = new Int32Array(1 << hashBits);

/** Upper bound of what a block becomes, in bytes. */
export const lz4BlockBound = (length: number): number => length + Math.ceil(length / 255) + 16;

/**
 * Compresses a block of at most 64 KiB into `target` and answers the length. lz4js writes matches up to the end of a
 * block, which the format forbids and brokers refuse.
 */
export const compressLz4Block = (source: Buffer, target: Uint8Array): number => {
  const matchStart = source.length - noMatchFrom;
  const matchEnd = source.length - lastLiterals;
  let out = 0;
  let anchor = 0;
  let at = 0;
  let looks = 1 << skipTrigger;
  seen.fill(-1);
  while (at <= matchStart) {
    const four = int32(source, at);
    const hash = Math.imul(four, 0x9e3779b1) >>> (32 - hashBits);
    let match = seen[hash]!;
    seen[hash] = at;
    if (match < 0 || int32(source, match) !== four) {
      at += looks++ >> skipTrigger;
      continue;
    }
    looks = 1 << skipTrigger;
    const start = at;
    const offset = at - match;
    at += minMatch;
    match += minMatch;
    while (at < matchEnd && source[at] === source[match]) {
      at++;
      match++;
    }
    out = sequence(source, anchor, start, target, out, offset, at - start - minMatch);
    anchor = at;
  }
  return sequence(source, anchor, source.length, target, out, 0, 0);
};

/** Literals `source[from, to)`, and a match of `extra` bytes more than the least unless the offset is 0. */
const sequence = (
  source: Buffer,
  from: number,
  to: number,
  target: Uint8Array,
  begin: number,
  offset: number,
  extra: number,
): number => {
  const literals = to - from;
  let out = begin;
  target[out++] = (Math.min(literals, 15) << 4) | Math.min(extra, 15);
  if (literals >= 15) out = length(target, out, literals - 15);
  for (let at = from; at < to; at++) target[out++] = source[at]!;
  if (offset === 0) return out;
  target[out++] = offset;
  target[out++] = offset >>> 8;
  return extra >= 15 ? length(target, out, extra - 15) : out;
};

/** What a token's four bits could not hold. */
const length = (target: Uint8Array, begin: number, value: number): number => {
  let out = begin;
  let rest = value;
  for (; rest >= 255; rest -= 255) target[out++] = 255;
  target[out++] = rest;
  return out;
};

const int32 = (source: Buffer, at: number): number =>
  source[at]! | (source[at + 1]! << 8) | (source[at + 2]! << 16) | (source[at + 3]! << 24);

/** Upper bound of what a compressed block of that length holds: no byte of it stands for more than 255. */
export const lz4GrowthBound = (bytes: number): number => 255 * bytes + minMatch;

/**
 * Decompresses the block `source[begin, end)` into `target[start, limit)`, and answers where it ends there. Matches may
 * reach back before `start`: blocks of a frame may depend on those before them. Throws Undecodable.
 */
export const decompressLz4Block = (
  source: Buffer,
  begin: number,
  end: number,
  target: Buffer,
  start: number,
  limit: number,
): number => {
  let at = begin;
  let out = start;
  while (at < end) {
    const token = source[at++]!;
    let literals = token >> 4;
    if (literals === 15)
      for (let more = 255; more === 255;) {
        if (at >= end) throw new Undecodable("an LZ4 block ends in a length");
        more = source[at++]!;
        literals += more;
      }
    if (at + literals > end || out + literals > limit) throw new Undecodable("LZ4 literals reach too far");
    if (literals > worthACopy) {
      source.copy(target, out, at, at + literals);
      at += literals;
      out += literals;
    } else for (const stop = at + literals; at < stop;) target[out++] = source[at++]!;
    if (at === end) return out;
    if (at + 2 > end) throw new Undecodable("an LZ4 block ends in an offset");
    const offset = source[at]! | (source[at + 1]! << 8);
    at += 2;
    let matched = token & 15;
    if (matched === 15)
      for (let more = 255; more === 255;) {
        if (at >= end) throw new Undecodable("an LZ4 block ends in a length");
        more = source[at++]!;
        matched += more;
      }
    matched += minMatch;
    let from = out - offset;
    if (offset === 0 || from < 0 || out + matched > limit)
      throw new Undecodable("an LZ4 match reaches too far");
    // One that overlaps itself repeats what it has just written.
    if (matched > worthACopy && offset >= matched) {
      target.copyWithin(out, from, from + matched);
      out += matched;
    } else for (const stop = out + matched; out < stop;) target[out++] = target[from++]!;
  }
  throw new Undecodable("an LZ4 block is empty");
};
