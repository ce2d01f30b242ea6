import type { ChangelogRecords, StateStore } from "../../state/state-store.ts";
import type { BatchReader } from "../../transport/codec/batch-reader.ts";
import type { FetchedChunk } from "../../transport/fetcher.ts";
import { type ReadRecord, readInto, type SourceReading } from "../topics/source-reading.ts";

/** How far a store has come, and by how many records. */
interface Applied {
  readonly position: number;
  readonly count: number;
}

/**
 * A source topic that serves as the changelog of its table (`topology.optimization`, `reuse.ktable.source.topics`): its
 * records make rows as when they were processed. What could not be read then is left out again, times are what the topic's
 * extractor says, and nothing is taken from `end` on, which is where the task begins to process: of a standby, where its
 * group has committed so far.
 */
export class SourceChangelog {
  readonly #reading: SourceReading;
  /** Next offset after what may be applied; may move on. */
  end: number;
  #chunk: FetchedChunk | undefined;
  #records: SourceRecords | undefined;

  constructor(reading: SourceReading, end: number) {
    this.#reading = reading;
    this.end = end;
  }

  /** What was taken is not applied further: it is fetched again from the position that was answered last. */
  forget(): void {
    this.#records = undefined;
    this.#chunk = undefined;
  }

  /**
   * Applies a chunk, or as much of it as a serde can read now; it goes on with the next call, which is asked for by
   * `onAvailable`. Undefined where there is nothing to do.
   */
  apply(
    store: StateStore,
    take: () => FetchedChunk | undefined,
    onAvailable: () => void,
  ): Applied | undefined {
    if (this.#records?.waits === true) return undefined;
    if (this.#records === undefined) {
      this.#chunk = take();
      if (this.#chunk === undefined) return undefined;
      this.#records = new SourceRecords(this.#chunk.records, this.#reading, () => this.end, onAvailable);
    }
    const before = store.position;
    const count = store.restore(this.#records, before);
    if (this.#records.waits) return { position: Math.max(0, before), count };
    const position = Math.max(before, Math.min(this.#chunk?.nextOffset ?? 0, this.end));
    store.restore(none, position);
    this.forget();
    return { position, count };
  }
}

/** A cursor over those of a chunk's records that its table has taken. */
class SourceRecords implements ChangelogRecords {
  readonly #records: BatchReader;
  readonly #reading: SourceReading;
  readonly #end: () => number;
  readonly #onAvailable: () => void;
  readonly #read: ReadRecord = { key: undefined, value: undefined, timestamp: 0 };
  #partitionTime = -1;
  /** The cursor stands on a record that has not been given out yet. */
  #held = false;
  /** A serde fetches what it needs for the record that is held. */
  waits = false;

  constructor(records: BatchReader, reading: SourceReading, end: () => number, onAvailable: () => void) {
    this.#records = records;
    this.#reading = reading;
    this.#end = end;
    this.#onAvailable = onAvailable;
  }

  get buffer(): Buffer {
    return this.#records.buffer;
  }
  get offset(): number {
    return this.#records.offset;
  }
  get timestamp(): number {
    return this.#read.timestamp;
  }
  get keyStart(): number {
    return this.#records.keyStart;
  }
  get keyEnd(): number {
    return this.#records.keyEnd;
  }
  get valueStart(): number {
    return this.#records.valueStart;
  }
  get valueEnd(): number {
    return this.#records.valueEnd;
  }

  advance(): boolean {
    while (this.#held || this.#records.advance()) {
      if (this.#records.offset >= this.#end()) return false;
      if (!this.#held && this.#mustWait()) {
        this.#held = true;
        return false;
      }
      this.#held = false;
      if (this.#isReadable()) return true;
    }
    return false;
  }

  #mustWait(): boolean {
    const { key, value } = this.#reading;
    const { buffer, keyStart, keyEnd, valueStart, valueEnd } = this.#records;
    let wait: Promise<void> | undefined;
    try {
      const keyWait = key.prepare?.(buffer, keyStart, keyEnd);
      const valueWait = value.prepare?.(buffer, valueStart, valueEnd);
      wait = keyWait === undefined ? valueWait : keyWait.then(() => valueWait);
    } catch {
      // What prepare can't read, deserialize can't either, and the record is left out.
      return false;
    }
    if (wait === undefined) return false;
    this.waits = true;
    const resume = (): void => {
      this.waits = false;
      this.#onAvailable();
    };
    wait.then(resume, resume);
    return true;
  }

  /** Whether the record was processed; it went to the handlers once, and is not told of again. */
  #isReadable(): boolean {
    try {
      readInto(this.#read, this.#reading, this.#records, this.#partitionTime);
    } catch {
      return false;
    }
    const { timestamp } = this.#read;
    if (timestamp > this.#partitionTime) this.#partitionTime = timestamp;
    return timestamp >= 0;
  }
}

const none: ChangelogRecords = {
  buffer: Buffer.alloc(0),
  offset: 0,
  timestamp: 0,
  keyStart: 0,
  keyEnd: 0,
  valueStart: 0,
  valueEnd: 0,
  advance: () => false,
};
