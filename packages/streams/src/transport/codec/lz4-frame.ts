import { decompressLz4Block, compressLz4Block, lz4BlockBound, lz4GrowthBound } from "./lz4-block.ts";
import { Undecodable } from "./undecodable.ts";

/**
 * Magic, and a descriptor that JVM clients take: version 1, independent blocks of at most 64 KiB, no checksums. Its
 * last byte is the descriptor's checksum (KIP-57).
 */
const header = Buffer.from("04224d18604082", "hex");
const blockSize = 64 * 1024;
const uncompressedFlag = 0x8000_0000;

const magic = 0x184d_2204;
const versionMask = 0xc0;
const version = 0x40;
const blockChecksumFlag = 0x10;
const contentSizeFlag = 0x08;
const dictionaryFlag = 0x01;
/** Sizes of blocks by their code in the descriptor, from 4 on. */
const blockSizes = [64 * 1024, 256 * 1024, 1024 * 1024, 4 * 1024 * 1024];

/** One LZ4 frame. lz4js' own has dependent blocks, which Kafka refuses. */
export const compressLz4Frame = (data: Buffer): Buffer => {
  const parts: Uint8Array[] = [header];
  for (let at = 0; at < data.length; at += blockSize) {
    const source = data.subarray(at, at + blockSize);
    const target = new Uint8Array(lz4BlockBound(source.length));
    const size = compressLz4Block(source, target);
    const stored = size >= source.length;
    const length = Buffer.allocUnsafe(4);
    length.writeUInt32LE(stored ? source.length + uncompressedFlag : size);
    parts.push(length, stored ? source : target.subarray(0, size));
  }
  parts.push(Buffer.alloc(4));
  return Buffer.concat(parts);
};

/**
 * What an LZ4 frame holds, whichever client wrote it; its checksums are passed over, for the batch has one. Memory is
 * taken by the bytes that are there, never by a size that is claimed. Throws Undecodable.
 */
export const decompressLz4Frame = (data: Buffer): Buffer => {
  if (data.length < header.length || data.readUInt32LE(0) !== magic)
    throw new Undecodable("it is no LZ4 frame");
  const flags = data[4] as number;
  if ((flags & versionMask) !== version || (flags & dictionaryFlag) !== 0)
    throw new Undecodable("it is an LZ4 frame of a kind that Kafka does not write");
  const largestBlock = blockSizes[(((data[5] as number) >> 4) & 7) - 4];
  if (largestBlock === undefined) throw new Undecodable("its LZ4 blocks have no size that there is");
  let at = header.length + ((flags & contentSizeFlag) === 0 ? 0 : 8);
  let out: Buffer = Buffer.allocUnsafe(Math.min(4 * data.length, blockSize));
  let end = 0;
  for (;;) {
    if (at + 4 > data.length) throw new Undecodable("its LZ4 frame is cut off");
    const word = data.readUInt32LE(at);
    if (word === 0) return out.subarray(0, end);
    const stored = word >= uncompressedFlag;
    const length = stored ? word - uncompressedFlag : word;
    const begin = at + 4;
    at = begin + length;
    if (at > data.length) throw new Undecodable("an LZ4 block is cut off");
    const room = stored ? length : Math.min(largestBlock, lz4GrowthBound(length));
    if (end + room > out.length) out = grown(out, end, room);
    if (stored) end += data.copy(out, end, begin, at);
    else end = decompressLz4Block(data, begin, at, out, end, end + room);
    if ((flags & blockChecksumFlag) !== 0) at += 4;
  }
};

const grown = (buffer: Buffer, used: number, more: number): Buffer => {
  const larger = Buffer.allocUnsafe(Math.max(2 * used, used + more));
  buffer.copy(larger, 0, 0, used);
  return larger;
};
