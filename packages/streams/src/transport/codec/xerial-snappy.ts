import { compress, uncompress } from "snappyjs";
import { Undecodable } from "./undecodable.ts";

/** What snappy-java puts in front, and JVM clients expect: magic, version 1, compatible with 1. */
const header = Buffer.from("82534e41505059000000000100000001", "hex");
const blockSize = 32 * 1024;
/** No byte of a block stands for more: a copy of 64 bytes takes three. */
const maxGrowth = 22;

/** Snappy in snappy-java's framing: blocks of at most 32 KiB, each behind its int32 length. */
export const compressXerial = (data: Buffer): Buffer => {
  const parts: Uint8Array[] = [header];
  for (let at = 0; at < data.length; at += blockSize) {
    const block = compress(data.subarray(at, at + blockSize));
    const length = Buffer.allocUnsafe(4);
    length.writeInt32BE(block.length);
    parts.push(length, block);
  }
  return Buffer.concat(parts);
};

/** Snappy as snappy-java frames it, or bare as librdkafka may write it. Throws Undecodable, or what snappyjs throws. */
export const decompressSnappy = (data: Buffer): Buffer => {
  if (data.length < header.length || data.compare(header, 0, 8, 0, 8) !== 0) return Buffer.from(block(data));
  const blocks: Uint8Array[] = [];
  for (let at = header.length; at < data.length;) {
    if (at + 4 > data.length) throw new Undecodable("a snappy block's length is cut off");
    const length = data.readInt32BE(at);
    if (length < 0 || at + 4 + length > data.length) throw new Undecodable("a snappy block is cut off");
    blocks.push(block(data.subarray(at + 4, at + 4 + length)));
    at += 4 + length;
  }
  return Buffer.concat(blocks);
};

/** snappyjs takes the memory that a block claims to need. */
const block = (data: Buffer): Uint8Array => {
  let claimed = 0;
  let at = 0;
  for (let factor = 1; ; factor *= 0x80) {
    const byte = data[at];
    if (byte === undefined || at === 5) throw new Undecodable("a snappy block has no length");
    claimed += (byte & 0x7f) * factor;
    at++;
    if (byte < 0x80) break;
  }
  if (claimed > maxGrowth * data.length)
    throw new Undecodable(`a snappy block of ${data.length} bytes claims to hold ${claimed}`);
  checkElements(data, at);
  return uncompress(data);
};

/** Up to this length a literal's is in its tag; above, in so many bytes behind the tag as it is greater by. */
const longestTagged = 60;
/** How many bytes stand behind the tag of a copy, by the kind in its last two bits. */
const copyLengths = [0, 1, 2, 4] as const;

/**
 * Throws Undecodable where the elements of a block go beyond its end. snappyjs reads a length of 2^31 and more as a negative
 * one: it went back, and never came to an end; and zeros where the last copy is cut off.
 */
const checkElements = (data: Buffer, from: number): void => {
  for (let at = from; at < data.length;) {
    const tag = data[at++]!;
    const kind = tag & 3;
    let length = kind === 0 ? (tag >>> 2) + 1 : copyLengths[kind]!;
    if (kind === 0 && length > longestTagged) {
      const bytes = length - longestTagged;
      if (at + bytes > data.length) throw new Undecodable("the length of a snappy literal is cut off");
      length = data.readUIntLE(at, bytes) + 1;
      at += bytes;
    }
    at += length;
    if (at > data.length) throw new Undecodable("an element of a snappy block is cut off");
  }
};
