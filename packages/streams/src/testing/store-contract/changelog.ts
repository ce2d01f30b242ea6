import type { ChangelogRecords, ChangelogWriter, StateStore } from "../../state/state-store.ts";
import type { StoreHooks } from "../../state/store-hooks.ts";

interface LoggedRow {
  readonly key: Buffer;
  readonly value: Buffer | null;
  readonly timestamp: number;
}

/** A changelog partition as a store's commits make it: what was not committed is not in it. */
export class Changelog {
  #log: LoggedRow[] = [];
  #open: LoggedRow[] = [];
  #sealed: LoggedRow[] = [];

  readonly write: ChangelogWriter = (key, value, timestamp) => {
    this.#open.push({
      key: Buffer.from(key),
      value: value === null ? null : Buffer.from(value),
      timestamp,
    });
  };

  /** Of a store whose changelog this is: with the write cache on, and nothing refused. */
  readonly hooks: StoreHooks = {
    write: this.write,
    timestamp: () => 0,
    writeThrough: false,
    expireInChangelog: true,
    refused: (error) => {
      throw error;
    },
  };

  /** Flushes that store, and commits. */
  commitOf(store: StateStore, epoch: number): void {
    store.flush();
    store.seal(epoch);
    this.seal();
    store.committed(epoch, this.commit());
  }

  /** Number of records that the next commit holds. */
  get pending(): number {
    return this.#open.length;
  }

  seal(): void {
    this.#sealed = this.#open;
    this.#open = [];
  }

  /** Answers the end of the log; undefined when nothing was written. */
  commit(): number | undefined {
    const wrote = this.#sealed.length > 0;
    this.#log.push(...this.#sealed);
    this.#sealed = [];
    return wrote ? this.#log.length : undefined;
  }

  abort(): void {
    this.#open = [];
    this.#sealed = [];
  }

  get end(): number {
    return this.#log.length;
  }

  /** Keys with a value, as compaction would leave them. */
  get keys(): number {
    const keys = new Map<string, boolean>();
    for (const { key, value } of this.#log) keys.set(key.toString("hex"), value !== null);
    return [...keys.values()].filter(Boolean).length;
  }

  /** The records in `[from, to)`; with `compacted`, only the last of each key. */
  read(from: number, compacted = false, to: number = this.end): ChangelogRecords {
    const rows = this.#log.map((row, offset) => ({ ...row, offset })).slice(from, to);
    const last = new Map(rows.map(({ key, offset }) => [key.toString("hex"), offset]));
    return new RowReader(
      compacted ? rows.filter(({ key, offset }) => last.get(key.toString("hex")) === offset) : rows,
    );
  }
}

class RowReader implements ChangelogRecords {
  buffer: Buffer = Buffer.alloc(0);
  offset = -1;
  timestamp = -1;
  keyStart = -1;
  keyEnd = -1;
  valueStart = -1;
  valueEnd = -1;
  readonly #rows: Iterator<LoggedRow & { readonly offset: number }>;

  constructor(rows: readonly (LoggedRow & { readonly offset: number })[]) {
    this.#rows = rows.values();
  }

  advance(): boolean {
    const next = this.#rows.next();
    if (next.done === true) return false;
    const { key, value, timestamp, offset } = next.value;
    // Not at the start of the buffer: a fetched batch has other records before it.
    this.buffer = Buffer.concat([Buffer.from("batch"), key, value ?? Buffer.alloc(0)]);
    this.offset = offset;
    this.timestamp = timestamp;
    this.keyStart = 5;
    this.keyEnd = 5 + key.length;
    this.valueStart = value === null ? -1 : this.keyEnd;
    this.valueEnd = this.keyEnd + (value?.length ?? 0);
    return true;
  }
}
