import type { Database } from "lmdb";
import { type ByteStore, MillraceError } from "@millrace/streams";
import { ChangeBatch } from "./change-batch.ts";
import { messageOf } from "./message-of.ts";
import { Overlay } from "./overlay.ts";
import { asBuffer, rangeOptions } from "./range-options.ts";

/** One database of a task's environment. What is on its way to the disk is read from memory. */
export class LmdbByteStore implements ByteStore {
  position: number;
  readonly maxKeyLength: number;
  readonly #name: string;
  readonly #database: Database<Buffer, Buffer>;
  readonly #write: (batch: ChangeBatch, position: number) => Promise<void>;
  readonly #broken: () => void;
  readonly #overlay = new Overlay();
  #rows: number;
  /** It has been read since it was opened: what is written will be, too. */
  #isRead = false;

  constructor(
    name: string,
    database: Database<Buffer, Buffer>,
    options: {
      readonly maxKeyLength: number;
      readonly position: number;
      /** Queues a write; resolves when it is on the disk. */
      readonly write: (batch: ChangeBatch, position: number) => Promise<void>;
      /** The environment can't be read: it is to be thrown away at the next start. */
      readonly broken: () => void;
    },
  ) {
    this.#name = name;
    this.#database = database;
    this.position = options.position;
    this.maxKeyLength = options.maxKeyLength;
    this.#write = options.write;
    this.#broken = options.broken;
    this.#rows = (database.getStats() as { entryCount?: number }).entryCount ?? 0;
  }

  get size(): number {
    return this.#rows + this.#overlay.size;
  }

  /** The writer has told how many rows there are. */
  wrote(rows: number): void {
    this.#rows = rows;
  }

  get(key: Uint8Array): Uint8Array | undefined {
    this.#isRead = true;
    const pending = this.#overlay.get(key);
    if (pending !== undefined) return pending ?? undefined;
    try {
      return this.#database.getBinary(asBuffer(key));
    } catch (error) {
      throw this.#unreadable(error);
    }
  }

  *range(
    from: Uint8Array | undefined,
    to: Uint8Array | undefined,
    reverse: boolean,
  ): Iterable<readonly [Uint8Array, Uint8Array]> {
    this.#isRead = true;
    const stored = this.#database.getRange(rangeOptions(from, to, reverse));
    try {
      yield* this.#overlay.over(stored, from, to, reverse);
    } catch (error) {
      throw this.#unreadable(error);
    }
  }

  batch(): ChangeBatch {
    return new ChangeBatch(this.#isRead);
  }

  async write(batch: ChangeBatch, position: number): Promise<void> {
    this.position = position;
    if (batch.size > 0) this.#overlay.add(batch);
    await this.#write(batch, position);
    this.#overlay.drop(batch);
  }

  close(): void {
    // The environment belongs to the task: it is closed with its last store.
  }

  #unreadable(error: unknown): MillraceError {
    if (error instanceof MillraceError) return error;
    this.#broken();
    return new MillraceError(
      `the state of store "${this.#name}" can't be read: ${messageOf(error)}; it is thrown away at the next start, and ` +
        "read from the changelog",
      { code: "STATE_BROKEN", cause: error },
    );
  }
}
