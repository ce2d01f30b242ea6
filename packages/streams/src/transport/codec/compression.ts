import { gunzipSync, gzipSync, zstdCompressSync, zstdDecompressSync } from "node:zlib";
import type { Compression } from "../record-producer.ts";
import { compressLz4Frame, decompressLz4Frame } from "./lz4-frame.ts";
import { Undecodable } from "./undecodable.ts";
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

/** Throws Undecodable. */
export const decompress = (code: number, data: Buffer): Buffer => {
  const compression = codes[code];
  if (compression === undefined)
    throw new Undecodable(`it names compression ${code}, which is none that Kafka has`);
  try {
    return decompressors[compression](data);
  } catch (error) {
    throw new Undecodable(`its ${compression} data can't be decompressed`, { cause: error });
  }
};

/** A few bytes of zstd may stand for gigabytes: nobody means that. gzip grows a thousandfold at most by itself. */
const limit = (data: Buffer): { readonly maxOutputLength: number } => ({
  maxOutputLength: Math.max(16 * 1024 * 1024, 1_000 * data.length),
});

const decompressors: Readonly<Record<Compression, (data: Buffer) => Buffer>> = {
  none: (data) => data,
  gzip: (data) => gunzipSync(data, limit(data)),
  snappy: decompressSnappy,
  lz4: decompressLz4Frame,
  zstd: (data) => zstdDecompressSync(data, limit(data)),
};
