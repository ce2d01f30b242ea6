import type { Headers } from "../../record.ts";
import type { ErasedSerde } from "../../serde.ts";
import type { ExtractedRecord, RecordPosition } from "../../topic.ts";
import type { TakenRecord } from "./taken-record.ts";
import type { FetchedChunk } from "../../transport/fetcher.ts";

/** How one source of a task reads its records. */
export interface SourceReading {
  readonly topic: string;
  readonly partition: number;
  readonly key: ErasedSerde;
  readonly value: ErasedSerde;
  readonly timestamp:
    | ((record: ExtractedRecord<unknown, unknown>, partitionTime: number) => number)
    | undefined;
}

export interface SourceQueueHooks {
  /** The next fetched chunk, if there is one. Throws when the partition can't be read. */
  take(): FetchedChunk | undefined;
  /** A record could not be read. Returns when it is to be left out (it was dead-lettered or skipped), else throws. */
  undecodable(error: unknown, queue: SourceQueue): void;
  negativeTimestamp(queue: SourceQueue): void;
  /** A promise that held the queue back has settled. */
  ready(): void;
}

/**
 * The records of one partition on their way into a task. The head, the next record, is decoded ahead, so that the
 * task can choose among its partitions by timestamp; its fields are overwritten by the next.
 */
export class SourceQueue implements TakenRecord {
  readonly reading: SourceReading;
  key: unknown = null;
  value: unknown = null;
  timestamp = -1;
  offset = -1;
  /** Next offset to read after what was processed: what a commit writes. */
  position: number;
  /** The position of the last commit. */
  committedPosition: number;
  /** Greatest timestamp of the records processed from this partition, ms; -1 at first. */
  partitionTime: number;
  /** End of the partition when its last chunk was read. */
  endOffset = -1;
  /** Of the leader that took what was read last (KIP-320); -1 unknown. */
  leaderEpoch = -1;
  readonly #hooks: SourceQueueHooks;
  #chunk: FetchedChunk | undefined;
  #hasHead = false;
  /** The reader stands on a record that is not decoded yet. */
  #onRecord = false;
  #waiting = false;

  constructor(reading: SourceReading, position: number, partitionTime: number, hooks: SourceQueueHooks) {
    this.reading = reading;
    this.position = position;
    this.committedPosition = position;
    this.partitionTime = partitionTime;
    this.#hooks = hooks;
  }

  /** Whether everything up to the end of the partition, as it was last seen, has been processed. */
  get atEnd(): boolean {
    return !this.#hasHead && !this.#waiting && this.endOffset >= 0 && this.position >= this.endOffset;
  }

  /** Whether a serde has to fetch something before the next record can be read. */
  get waiting(): boolean {
    return this.#waiting;
  }

  /** Makes the next record the head, if one is there and can be read now. */
  load(): boolean {
    if (this.#hasHead) return true;
    if (this.#waiting) return false;
    const { reading } = this;
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
      if (this.#mustWait(records.buffer)) return false;
      this.offset = records.offset;
      try {
        const key = reading.key.deserialize(records.buffer, records.keyStart, records.keyEnd);
        const value = reading.value.deserialize(records.buffer, records.valueStart, records.valueEnd);
        this.timestamp =
          reading.timestamp === undefined
            ? records.timestamp
            : reading.timestamp(
                {
                  topic: reading.topic,
                  partition: reading.partition,
                  offset: records.offset,
                  key,
                  value,
                  timestamp: records.timestamp,
                  headers: records.headers(),
                },
                this.partitionTime,
              );
        this.key = key;
        this.value = value;
      } catch (error) {
        this.#hooks.undecodable(error, this);
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
    return { topic: this.reading.topic, partition: this.reading.partition, offset: this.offset };
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
    const chunk = this.#hooks.take();
    if (chunk === undefined) return false;
    this.#chunk = chunk;
    this.endOffset = chunk.endOffset;
    if (chunk.leaderEpoch >= 0) this.leaderEpoch = chunk.leaderEpoch;
    return true;
  }

  /** A serde may have to fetch something first: the queue stands still until it has. */
  #mustWait(buffer: Buffer): boolean {
    const { key, value } = this.reading;
    if (key.prepare === undefined && value.prepare === undefined) return false;
    const { keyStart, keyEnd, valueStart, valueEnd } = this.#records;
    const wait = key.prepare?.(buffer, keyStart, keyEnd) ?? value.prepare?.(buffer, valueStart, valueEnd);
    if (wait === undefined) return false;
    this.#waiting = true;
    const resume = (): void => {
      this.#waiting = false;
      this.#hooks.ready();
    };
    // A rejection is not lost: deserialize throws it when the record is read.
    wait.then(resume, resume);
    return true;
  }
}
