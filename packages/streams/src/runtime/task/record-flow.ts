import type { StreamRecord } from "../../record.ts";

/** Takes one record, and returns when all that comes of it is done. Does not throw: nobody could tell of which operator. */
export type RecordReader = (record: StreamRecord<unknown, unknown>) => void;

/**
 * What comes out of a node of a task: a Subject without what RxJS checks at every step for a stream that may end, fail, or
 * be left. Its readers are called one after the other, in the order in which they came; all stay as long as the task.
 */
export class RecordFlow {
  /** How many records came out. */
  count: { records: number } = { records: 0 };
  readonly #readers: RecordReader[] = [];

  /** Calls `reader` with every record from here on. */
  each(reader: RecordReader): void {
    this.#readers.push(reader);
  }

  next(record: StreamRecord<unknown, unknown>): void {
    this.count.records++;
    const readers = this.#readers;
    for (let at = 0; at < readers.length; at++) (readers[at] as RecordReader)(record);
  }
}
