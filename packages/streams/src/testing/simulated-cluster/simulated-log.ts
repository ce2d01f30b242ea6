import type { Headers } from "../../record.ts";
import { TransportError } from "../../transport/transport-error.ts";
import type { SimulatedTransaction } from "./simulated-transaction.ts";

/** A record to be appended. */
export interface SimulatedRecord {
  /** Key and value, one after the other. */
  readonly bytes: Buffer;
  /** Length of the key, -1 for null; of the value likewise. */
  readonly keyLength: number;
  readonly valueLength: number;
  readonly timestamp: number;
  readonly headers: Headers;
}

/** A place in the log. Transaction markers take one, and hold nothing. */
export interface LogEntry {
  readonly offset: number;
  readonly record: SimulatedRecord | undefined;
  readonly transaction: SimulatedTransaction | undefined;
}

/** A part of the log, as a fetch answers it. */
export interface LogRead {
  readonly entries: readonly LogEntry[];
  readonly byteLength: number;
  readonly nextOffset: number;
  readonly endOffset: number;
}

/** What a record takes in a batch beside its key, value and headers, and a header beside its name and value; roughly. */
const recordOverhead = 24;
const headerOverhead = 2;

export const sizeOf = ({ bytes, headers }: SimulatedRecord): number => {
  let size = bytes.length + recordOverhead;
  for (const [name, value] of headers)
    size += Buffer.byteLength(name) + (value?.length ?? 0) + headerOverhead;
  return size;
};

/** One partition. */
export class SimulatedLog {
  readonly name: string;
  #entries: LogEntry[] = [];
  #start = 0;
  #end = 0;
  /** First offsets of the transactions that are open here. */
  readonly #open = new Map<SimulatedTransaction, number>();
  readonly #watchers = new Set<() => void>();

  constructor(name: string) {
    this.name = name;
  }

  get startOffset(): number {
    return this.#start;
  }

  /** The end: the last stable offset, or the high watermark. */
  endOffset(readCommitted: boolean): number {
    return readCommitted ? Math.min(this.#end, ...this.#open.values()) : this.#end;
  }

  /** Answers the next offset after them. */
  append(records: readonly SimulatedRecord[], transaction: SimulatedTransaction | undefined): number {
    if (transaction !== undefined && !this.#open.has(transaction)) this.#open.set(transaction, this.#end);
    for (const record of records) this.#entries.push({ offset: this.#end++, record, transaction });
    const end = this.#end;
    this.#changed();
    return end;
  }

  /** Ends a transaction here: its marker takes an offset. */
  mark(transaction: SimulatedTransaction): void {
    if (!this.#open.delete(transaction)) return;
    this.#entries.push({ offset: this.#end++, record: undefined, transaction });
    this.#changed();
  }

  /** Throws OFFSET_OUT_OF_RANGE. Answers at least one record, if one is there. */
  read(from: number, readCommitted: boolean, maxBytes: number): LogRead {
    const endOffset = this.endOffset(readCommitted);
    if (from < this.#start || from > this.#end)
      throw new TransportError(
        `offset ${from} of ${this.name} is not in [${this.#start}, ${this.#end}]`,
        "OFFSET_OUT_OF_RANGE",
        "void",
      );
    const entries: LogEntry[] = [];
    let byteLength = 0;
    let nextOffset = Math.max(from, endOffset);
    for (let at = this.#indexOf(from); at < this.#entries.length; at++) {
      const entry = this.#entries[at];
      if (entry === undefined || entry.offset >= endOffset) break;
      if (entry.record === undefined || (readCommitted && entry.transaction?.state === "aborted")) continue;
      const size = sizeOf(entry.record);
      if (entries.length > 0 && byteLength + size > maxBytes) {
        nextOffset = entry.offset;
        break;
      }
      entries.push(entry);
      byteLength += size;
    }
    return { entries, byteLength, nextOffset, endOffset };
  }

  deleteBefore(offset: number): void {
    this.#start = Math.max(this.#start, Math.min(offset, this.#end));
    this.#entries = this.#entries.slice(this.#indexOf(this.#start));
    this.#changed();
  }

  /** Keeps the last record of each key of what is stable; the very last record stays, as in an active segment. */
  compact(): void {
    const stable = Math.min(this.endOffset(true), this.#end - 1);
    const last = new Map<string, number>();
    for (const { offset, record, transaction } of this.#entries)
      if (record !== undefined && transaction?.state !== "aborted")
        last.set(record.bytes.toString("hex", 0, Math.max(0, record.keyLength)), offset);
    this.#entries = this.#entries.filter(
      ({ offset, record }) =>
        offset >= stable ||
        (record !== undefined &&
          last.get(record.bytes.toString("hex", 0, Math.max(0, record.keyLength))) === offset),
    );
  }

  /** Tells of every change; answers a function that ends it. */
  watch(watcher: () => void): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  #changed(): void {
    for (const watcher of this.#watchers) watcher();
  }

  /** Index of the first entry at or after an offset. */
  #indexOf(offset: number): number {
    let low = 0;
    let high = this.#entries.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#entries[middle]?.offset ?? 0) < offset) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
