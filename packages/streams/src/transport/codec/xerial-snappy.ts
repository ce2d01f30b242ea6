import { compress, uncompress } from "snappyjs";

/** What snappy-java puts in front, and JVM clients expect: magic, version 1, compatible with 1. */
const header = Buffer.from("82534e41505059000000000100000001", "hex");
const blockSize = 32 * 1024;

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

/** Snappy as snappy-java frames it, or bare as librdkafka may write it. */
export const decompressSnappy = (data: Buffer): Buffer => {
  if (data.length < header.length || data.compare(header, 0, 8, 0, 8) !== 0)
    return Buffer.from(uncompress(data));
  const blocks: Uint8Array[] = [];
  for (let at = header.length; at < data.length;) {
    const length = data.readInt32BE(at);
    if (length < 0 || at + 4 + length > data.length) throw new RangeError("a snappy block is cut off");
    blocks.push(uncompress(data.subarray(at + 4, at + 4 + length)));
    at += 4 + length;
  }
  return Buffer.concat(blocks);
};
