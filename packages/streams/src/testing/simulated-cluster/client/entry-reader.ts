import { type Headers, noHeaders } from "../../../record.ts";
import type { BatchReader } from "../../../transport/codec/batch-reader.ts";
import type { LogEntry } from "../broker/simulated-log.ts";

const nothing = Buffer.alloc(0);

/** A cursor over entries of a log. */
export class EntryReader implements BatchReader {
  buffer: Buffer = nothing;
  offset = -1;
  timestamp = -1;
  keyStart = -1;
  keyEnd = -1;
  valueStart = -1;
  valueEnd = -1;
  readonly #entries: readonly LogEntry[];
  #next = 0;
  #headers: Headers = noHeaders;

  constructor(entries: readonly LogEntry[]) {
    this.#entries = entries;
  }

  advance(): boolean {
    const entry = this.#entries[this.#next++];
    if (entry?.record === undefined) return false;
    const { bytes, keyLength, valueLength, timestamp, headers } = entry.record;
    this.buffer = bytes;
    this.offset = entry.offset;
    this.timestamp = timestamp;
    this.keyStart = keyLength < 0 ? -1 : 0;
    this.keyEnd = Math.max(0, keyLength);
    this.valueStart = valueLength < 0 ? -1 : this.keyEnd;
    this.valueEnd = this.keyEnd + Math.max(0, valueLength);
    this.#headers = headers;
    return true;
  }

  headers(): Headers {
    return this.#headers;
  }
}
