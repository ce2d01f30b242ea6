import { createRequire } from "node:module";
import { crc32cByTable } from "./crc32c-by-table.ts";

/** Of fewer bytes, the way into native code takes longer than the sum. */
const worthACall = 1024;

interface Native {
  readonly crc32c: (bytes: Uint8Array) => number;
}

/** Undefined where there is no binary for this machine, or a bundle left it out: the tables are as right, at a third of the speed. */
const native = ((): Native | undefined => {
  try {
    const require = createRequire(import.meta.url);
    return require("@node-rs/crc32") as Native;
  } catch {
    return undefined;
  }
})();

/** CRC-32C of `bytes[start, end)`, unsigned: what Kafka's record batches carry. */
export const crc32c = (bytes: Uint8Array, start: number, end: number): number =>
  native !== undefined && end - start >= worthACall
    ? native.crc32c(bytes.subarray(start, end))
    : crc32cByTable(bytes, start, end);
