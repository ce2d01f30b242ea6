import type { Headers } from "../../record.ts";
import type { RecordPosition } from "../../topic.ts";
import type { FetchedChunk } from "../../transport/fetcher.ts";
import { readInto, type ReadRecord, type SourceReading } from "../topics/source-reading.ts";
import type { TakenRecord } from "./taken-record.ts";

export interface SourceQueueHooks {
  /** The next fetched chunk, if there is one. Throws when the partition can't be read. */
  take(): FetchedChunk | undefined;
  /** End of the partition as the newest answer has it; -1 before the first. */
  end(): number;
  /** Reads on from there, and forgets what was fetched. */
  fetchFrom(position: number): void;
  /** What `take` threw. Returns when the position is to be found anew (`seek` will be called), else throws. */
  unreadable(error: unknown, queue: SourceQueue): void;
  /** A record could not be read. Returns when it is to be left out (it was dead-lettered or skipped), else throws. */
  undecodable(error: unknown, queue: SourceQueue): void;
  negativeTimestamp(queue: SourceQueue): void;
  /** ms of the monotonic clock. */
  now(): number;
  /** A promise that held the queue back has settled. */
  ready(): void;
}

/** A place in a partition, and the greatest timestamp of the records before it, ms (-1 when there was none). */
export interface SourcePosition {
  readonly offset: number;
  readonly partitionTime: number;
}

/**
 * The records of one partition on their way into a task. The head, the next record, is decoded ahead, so that the
 * task can choose among its partitions by timestamp; its fields are overwritten by the next.
 */
export class SourceQueue implements TakenRecord, ReadRecord {
  readonly topic: string;
  readonly partition: number;
  key: unknown = null;
  value: unknown = null;
  timestamp = -1;
  offset = -1;
  /** Next offset to read after what was processed: what a commit writes. */
  position: number;
  /** Greatest timestamp of the records processed from this partition, ms; -1 at first. */
  partitionTime: number;
  /** Leader epoch of the last chunk; -1 unknown. */
  leaderEpoch = -1;
  readonly #reading: SourceReading;
  readonly #prepares: boolean;
  readonly #hooks: SourceQueueHooks;
  #chunk: FetchedChunk | undefined;
  #hasHead = false;
  /** The reader stands on a record that is not decoded yet. */
  #onRecord = false;
  /** Since when a serde is waited for, ms of the monotonic clock. */
  #waitingSince: number | undefined;
  /** The position is in the log no more: nothing is read until `seek`. */
  #lost = false;
  /** One more with each `seek`: what was waited for before it is nobody's. */
  #seeks = 0;

  constructor(reading: SourceReading, at: SourcePosition, hooks: SourceQueueHooks) {
    this.topic = reading.topic;
    this.partition = reading.partition;
    this.position = at.offset;
    this.partitionTime = at.partitionTime;
    this.#reading = reading;
    this.#prepares = (reading.key.prepare ?? reading.value.prepare) !== undefined;
    this.#hooks = hooks;
  }

  /** Begins to fetch. */
  open(): void {
    this.#hooks.fetchFrom(this.position);
  }

  /** Goes on from another place, as if nothing after it had been read. */
  seek({ offset, partitionTime }: SourcePosition): void {
    this.position = offset;
    this.partitionTime = partitionTime;
    this.#chunk = undefined;
    this.#hasHead = false;
    this.#onRecord = false;
    this.#waitingSince = undefined;
    this.#lost = false;
    this.#seeks++;
    this.#hooks.fetchFrom(offset);
  }

  /** The position is in the log no more: somebody has to find out where to go on. */
  get lost(): boolean {
    return this.#lost;
  }

  /** Since when a serde has been fetching something before the next record can be read, ms of the monotonic clock. */
  get waitingSince(): number | undefined {
    return this.#waitingSince;
  }

  /** Records between the position and the end of the log; 0 while the end is unknown. */
  get lag(): number {
    return Math.max(0, this.#hooks.end() - this.position);
  }

  /** Whether nothing is there, as far as the newest answer tells. */
  get isAtEnd(): boolean {
    const end = this.#hooks.end();
    return !this.#hasHead && end >= 0 && this.position >= end;
  }

  /** Makes the next record the head, if one is there and can be read now. */
  load(): boolean {
    if (this.#hasHead) return true;
    if (this.#waitingSince !== undefined || this.#lost) return false;
    for (;;) {
      if (this.#chunk === undefined && !this.#nextChunk()) return false;
      const chunk = this.#chunk as FetchedChunk;
      const { records } = chunk;
      if (!this.#onRecord && !records.advance()) {
        if (chunk.nextOffset > this.position) this.position = chunk.nextOffset;
        this.#chunk = undefined;
        continue;
      }
      this.#onRecord = true;
      this.offset = records.offset;
      if (this.#prepares && this.#mustWait(records.buffer)) return false;
      if (!this.#read()) {
        this.#leave();
        continue;
      }
      if (this.timestamp < 0) {
        this.#hooks.negativeTimestamp(this);
        this.#leave();
        continue;
      }
      this.#hasHead = true;
      return true;
    }
  }

  /** Where the head was read. */
  get headPosition(): RecordPosition {
    return { topic: this.topic, partition: this.partition, offset: this.offset };
  }

  get headers(): Headers {
    return this.#records.headers();
  }

  /** The head, to be remembered when the queue has moved on. Keeps its whole fetched batch in memory. */
  taken(): TakenRecord {
    const { headPosition, rawKey, rawValue, headers, rawTimestamp } = this;
    return { headPosition, rawKey, rawValue, headers, rawTimestamp };
  }

  /** The record's bytes as they were read; for dead letters. */
  get rawKey(): Buffer | null {
    const { buffer, keyStart, keyEnd } = this.#records;
    return keyStart < 0 ? null : buffer.subarray(keyStart, keyEnd);
  }

  get rawValue(): Buffer | null {
    const { buffer, valueStart, valueEnd } = this.#records;
    return valueStart < 0 ? null : buffer.subarray(valueStart, valueEnd);
  }

  /** The timestamp of the Kafka record, whatever an extractor made of it. */
  get rawTimestamp(): number {
    return this.#records.timestamp;
  }

  /** The head has been processed. */
  done(): void {
    this.#hasHead = false;
    if (this.timestamp > this.partitionTime) this.partitionTime = this.timestamp;
    this.#leave();
  }

  get #records(): FetchedChunk["records"] {
    if (this.#chunk === undefined) throw new Error("there is no record to look at");
    return this.#chunk.records;
  }

  #leave(): void {
    this.position = this.offset + 1;
    this.#onRecord = false;
  }

  #nextChunk(): boolean {
    let chunk: FetchedChunk | undefined;
    try {
      chunk = this.#hooks.take();
    } catch (error) {
      this.#lost = true;
      this.#hooks.unreadable(error, this);
      return false;
    }
    if (chunk === undefined) return false;
    this.#chunk = chunk;
    if (chunk.leaderEpoch >= 0) this.leaderEpoch = chunk.leaderEpoch;
    return true;
  }

  /** False for a record of which nothing could be made, and which is to be left out. */
  #read(): boolean {
    try {
      readInto(this, this.#reading, this.#records, this.partitionTime);
      return true;
    } catch (error) {
      this.#hooks.undecodable(error, this);
      return false;
    }
  }

  /** A serde may have to fetch something first: the queue stands still until it has. */
  #mustWait(buffer: Buffer): boolean {
    const { keyStart, keyEnd, valueStart, valueEnd } = this.#records;
    const { key, value } = this.#reading;
    let wait: Promise<void> | undefined;
    try {
      wait = key.prepare?.(buffer, keyStart, keyEnd) ?? value.prepare?.(buffer, valueStart, valueEnd);
    } catch {
      // What prepare can't read, deserialize can't either: it throws when the record is read.
      return false;
    }
    if (wait === undefined) return false;
    this.#waitingSince = this.#hooks.now();
    const seeks = this.#seeks;
    const resume = (): void => {
      if (seeks !== this.#seeks) return;
      this.#waitingSince = undefined;
      this.#hooks.ready();
    };
    // A rejection is not lost: deserialize throws it when the record is read.
    wait.then(resume, resume);
    return true;
  }
}
