import { gunzipSync, gzipSync, zstdCompressSync, zstdDecompressSync } from "node:zlib";
import type { Compression } from "../record-producer.ts";
import { CorruptBatchError } from "./corrupt-batch-error.ts";
import { compressLz4Frame, decompressLz4Frame } from "./lz4-frame.ts";
import { compressXerial, decompressSnappy } from "./xerial-snappy.ts";

/** Their numbers in a record batch's attributes. */
const codes: readonly Compression[] = ["none", "gzip", "snappy", "lz4", "zstd"];

export const compressionCode = (compression: Compression): number => codes.indexOf(compression);

export const compress = (compression: Exclude<Compression, "none">, data: Buffer): Buffer => {
  switch (compression) {
    case "gzip":
      return gzipSync(data, { level: 1 });
    case "snappy":
      return compressXerial(data);
    case "lz4":
      return compressLz4Frame(data);
    case "zstd":
      return zstdCompressSync(data);
  }
};

export const decompress = (code: number, data: Buffer): Buffer => {
  try {
    switch (codes[code]) {
      case "none":
        return data;
      case "gzip":
        return gunzipSync(data);
      case "snappy":
        return decompressSnappy(data);
      case "lz4":
        return decompressLz4Frame(data);
      case "zstd":
        return zstdDecompressSync(data);
      case undefined:
    }
  } catch (error) {
    throw new CorruptBatchError(`its ${codes[code]} data can't be decompressed`, { cause: error });
  }
  throw new CorruptBatchError(`it names compression ${code}, which is none that Kafka has`);
};
