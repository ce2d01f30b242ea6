import { decompress } from "lz4js";
import { compressLz4Block, lz4BlockBound } from "./lz4-block.ts";

/**
 * Magic, and a descriptor that JVM clients take: version 1, independent blocks of at most 64 KiB, no checksums. Its
 * last byte is the descriptor's checksum (KIP-57).
 */
const header = Buffer.from("04224d18604082", "hex");
const blockSize = 64 * 1024;
const uncompressedFlag = 0x8000_0000;

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

export const decompressLz4Frame = (data: Buffer): Buffer => {
  const out = decompress(data);
  return Buffer.from(out.buffer, out.byteOffset, out.length);
};
