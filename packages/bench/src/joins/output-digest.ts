import { crc32 } from "node:zlib";
import { type LogRecord, partitionsOf, readToEnd } from "@millrace/devstack";
import type { Transport } from "@millrace/streams";
import type { JoinsWorkload } from "./joins-job.ts";

/** What is left of an output when the order of keys, and of a table what came before its last row, does not count. */
export interface OutputDigest {
  /** Results, or of a table rows. */
  readonly results: number;
  /** Sum of the checksums of their keys, values and times. */
  readonly checksum: number;
  /** Of sessions: how many records they count. */
  readonly counted: number;
}

/** Sums stay exact. */
const modulo = 2 ** 48;

/** Reads what is committed of an output. */
export const outputDigest = async (
  transport: Transport,
  topic: string,
  workload: JoinsWorkload,
): Promise<OutputDigest> => {
  const isTable = workload === "table-table" || workload === "sessions";
  const rows = new Map<string, number>();
  const counts = new Map<string, number>();
  let results = 0;
  let checksum = 0;
  const time = Buffer.alloc(8);
  const add = ({ buffer, keyStart, keyEnd, valueStart, valueEnd, timestamp }: LogRecord): void => {
    time.writeDoubleBE(timestamp);
    const value = valueStart < 0 ? Buffer.of() : buffer.subarray(valueStart, valueEnd);
    const sum = crc32(time, crc32(value, crc32(buffer.subarray(keyStart, keyEnd))));
    if (!isTable) {
      results++;
      checksum = (checksum + sum) % modulo;
      return;
    }
    const key = buffer.toString("latin1", keyStart, keyEnd);
    if (valueStart < 0) {
      rows.delete(key);
      counts.delete(key);
    } else {
      rows.set(key, sum);
      if (workload === "sessions") counts.set(key, Number(buffer.readBigInt64BE(valueStart)));
    }
  };
  await readToEnd(transport, await partitionsOf(transport, [topic]), add);
  if (isTable) {
    results = rows.size;
    for (const sum of rows.values()) checksum = (checksum + sum) % modulo;
  }
  let counted = 0;
  for (const of of counts.values()) counted += of;
  return { results, checksum, counted };
};
