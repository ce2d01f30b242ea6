import { refusal } from "./refusal.ts";
import { keyOf, type SimulatedRecord, sizeOf } from "./simulated-record.ts";
import type { SimulatedTransaction } from "./simulated-transaction.ts";

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

/** Records that a producer sends together, to be told from what it sent before by their sequence. */
export interface SimulatedBatch {
  readonly producerId: number;
  readonly epoch: number;
  /** Sequence of the first record. */
  readonly sequence: number;
  readonly records: readonly SimulatedRecord[];
}

interface ProducerState {
  readonly epoch: number;
  /** Sequence of the first record of its last batch, and the one after its last record. */
  readonly first: number;
  readonly next: number;
  readonly endOffset: number;
}

/** One partition. */
export class SimulatedLog {
  readonly name: string;
  #entries: LogEntry[] = [];
  #start = 0;
  #end = 0;
  /** First offsets of the transactions that are open here. */
  readonly #open = new Map<SimulatedTransaction, number>();
  readonly #producers = new Map<number, ProducerState>();
  readonly #watchers = new Set<() => void>();

  constructor(name: string) {
    this.name = name;
  }

  get startOffset(): number {
    return this.#start;
  }

  /** The end: the last stable offset, or the high watermark. */
  endOffset(readCommitted: boolean): number {
    if (!readCommitted || this.#open.size === 0) return this.#end;
    let end = this.#end;
    for (const first of this.#open.values()) if (first < end) end = first;
    return end;
  }

  /** Of the first record that is not older than `timestamp`, ms since the epoch; -1 where there is none. */
  offsetAt(timestamp: number, readCommitted: boolean): number {
    const end = this.endOffset(readCommitted);
    const found = this.#entries.find(
      ({ offset, record }) => record !== undefined && offset < end && record.timestamp >= timestamp,
    );
    return found?.offset ?? -1;
  }

  /**
   * Appends a producer's batch, and answers the next offset after it. One that is here already is not written twice.
   * Throws what brokers say of another epoch, or of a gap in the sequence.
   */
  append(batch: SimulatedBatch, transaction: SimulatedTransaction | undefined): number {
    const { producerId, epoch, sequence, records } = batch;
    const known = this.#producers.get(producerId);
    if (known !== undefined && epoch < known.epoch) throw refusal("INVALID_PRODUCER_EPOCH", this.name);
    const next = sequence + records.length;
    if (known?.epoch === epoch) {
      if (sequence === known.first && next === known.next) return known.endOffset;
      if (sequence !== known.next) throw refusal("OUT_OF_ORDER_SEQUENCE_NUMBER", this.name);
    } else if (sequence !== 0 && known !== undefined)
      throw refusal("OUT_OF_ORDER_SEQUENCE_NUMBER", this.name);
    const endOffset = this.write(records, transaction);
    this.#producers.set(producerId, { epoch, first: sequence, next, endOffset });
    return endOffset;
  }

  /** Appends records of nobody in particular; answers the next offset after them. */
  write(records: readonly SimulatedRecord[], transaction?: SimulatedTransaction): number {
    if (transaction !== undefined && !this.#open.has(transaction)) this.#open.set(transaction, this.#end);
    for (const record of records) this.#entries.push({ offset: this.#end++, record, transaction });
    const end = this.#end;
    this.#changed();
    return end;
  }

  /** Ends a transaction here: its marker takes an offset, and its producer's earlier epochs are refused from now on. */
  mark(transaction: SimulatedTransaction): void {
    const { producerId, epoch } = transaction;
    const known = this.#producers.get(producerId);
    if (known !== undefined && known.epoch < epoch)
      this.#producers.set(producerId, { epoch, first: -1, next: 0, endOffset: -1 });
    this.#open.delete(transaction);
    this.#entries.push({ offset: this.#end++, record: undefined, transaction });
    this.#changed();
  }

  /** Throws OFFSET_OUT_OF_RANGE. Answers at least one record, if one is there. */
  read(from: number, readCommitted: boolean, maxBytes: number): LogRead {
    const endOffset = this.endOffset(readCommitted);
    if (from < this.#start || from > this.#end)
      throw refusal(
        "OFFSET_OUT_OF_RANGE",
        `${this.name}, of which [${this.#start}, ${this.#end}) is there, at ${from}`,
      );
    const entries: LogEntry[] = [];
    let byteLength = 0;
    let nextOffset = Math.max(from, endOffset);
    for (let at = this.#indexOf(from); at < this.#entries.length; at++) {
      const entry = this.#entries[at] as LogEntry;
      if (entry.offset >= endOffset) break;
      if (entry.record === undefined || (readCommitted && entry.transaction?.committed === false)) continue;
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

  /** What lies before the offset is gone. */
  deleteBefore(offset: number): void {
    this.#start = Math.max(this.#start, Math.min(offset, this.#end));
    this.#entries = this.#entries.slice(this.#indexOf(this.#start));
    this.#changed();
  }

  /** Keeps the last record of each key of what is stable; the very last record stays, as in an active segment. */
  compact(): void {
    const stable = Math.min(this.endOffset(true), this.#end - 1);
    const last = new Map<string | undefined, number>();
    // What is not stable yet may still be aborted: it replaces nothing.
    for (const { offset, record, transaction } of this.#entries)
      if (offset < stable && record !== undefined && transaction?.committed !== false)
        last.set(keyOf(record), offset);
    this.#entries = this.#entries.filter(
      ({ offset, record }) =>
        offset >= stable || (record !== undefined && last.get(keyOf(record)) === offset),
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
      if ((this.#entries[middle] as LogEntry).offset < offset) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
