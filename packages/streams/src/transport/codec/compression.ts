import { gunzipSync, gzipSync, zstdCompressSync, zstdDecompressSync } from "node:zlib";
import type { Compression } from "../record-producer.ts";
import { CorruptBatchError } from "./corrupt-batch-error.ts";
import { compressLz4Frame, decompressLz4Frame } from "./lz4-frame.ts";
import { compressXerial, decompressSnappy } from "./xerial-snappy.ts";

/** Their numbers in a record batch's attributes. */
const codes: readonly Compression[] = ["none", "gzip", "snappy", "lz4", "zstd"];

export const compressionCode = (compression: Compression): number => codes.indexOf(compression);

export const compress = (compression: Exclude<Compression, "none">, data: Buffer): Buffer =>
  compressors[compression](data);

const compressors: Readonly<Record<Exclude<Compression, "none">, (data: Buffer) => Buffer>> = {
  gzip: (data) => gzipSync(data, { level: 1 }),
  snappy: compressXerial,
  lz4: compressLz4Frame,
  zstd: (data) => zstdCompressSync(data),
};

export const decompress = (code: number, data: Buffer): Buffer => {
  const compression = codes[code];
  if (compression === undefined)
    throw new CorruptBatchError(`it names compression ${code}, which is none that Kafka has`);
  try {
    return decompressors[compression](data);
  } catch (error) {
    throw new CorruptBatchError(`its ${compression} data can't be decompressed`, { cause: error });
  }
};

const decompressors: Readonly<Record<Compression, (data: Buffer) => Buffer>> = {
  none: (data) => data,
  gzip: (data) => gunzipSync(data),
  snappy: decompressSnappy,
  lz4: decompressLz4Frame,
  zstd: (data) => zstdDecompressSync(data),
};
