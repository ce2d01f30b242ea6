import { readBatches } from "../codec/read-batches.ts";
import type { FetchedChunk, Fetcher, FetcherOptions } from "../fetcher.ts";
import { topicPartitionName } from "../topic-partition.ts";
import { TransportError } from "../transport-error.ts";
import { checkCode } from "./kafka-error.ts";
import type { KafkaConnection } from "./kafka-connection.ts";
import { fetch, type FetchedPartition } from "./requests/fetch.ts";
import { wait } from "./retry.ts";

interface Reading {
  readonly topic: string;
  readonly partition: number;
  /** Next offset to ask for. */
  offset: number;
  readonly chunks: FetchedChunk[];
  bufferedBytes: number;
  maxBytes: number;
  /** Node that a request with this partition is on its way to. */
  onTheWire: boolean;
  error: TransportError | undefined;
}

const retryAfterMs = 100;
const shortWaitMs = 5;

/** Fetches from every leader at once, one request per broker at a time, ahead of the reader into bounded buffers. */
export class KafkaFetcher implements Fetcher {
  readonly #connection: KafkaConnection;
  readonly #options: FetcherOptions;
  readonly #readings = new Map<string, Reading>();
  /** Brokers with a request on the wire, and the promise of its end. */
  readonly #requests = new Map<number, Promise<void>>();
  #planning: Promise<void> | undefined;
  #planAgain = false;
  #closed = false;

  constructor(connection: KafkaConnection, options: FetcherOptions) {
    this.#connection = connection;
    this.#options = options;
  }

  add(topic: string, partition: number, offset: number): void {
    this.#readings.set(topicPartitionName(topic, partition), {
      topic,
      partition,
      offset,
      chunks: [],
      bufferedBytes: 0,
      maxBytes: this.#options.maxBytesPerPartition,
      onTheWire: false,
      error: undefined,
    });
    this.#plan();
  }

  remove(topic: string, partition: number): void {
    this.#readings.delete(topicPartitionName(topic, partition));
  }

  take(topic: string, partition: number): FetchedChunk | undefined {
    const reading = this.#readings.get(topicPartitionName(topic, partition));
    if (reading === undefined) return undefined;
    const chunk = reading.chunks.shift();
    if (chunk !== undefined) {
      const wasFull = this.#full(reading);
      reading.bufferedBytes -= chunk.byteLength;
      if (wasFull && !this.#full(reading)) this.#plan();
      return chunk;
    }
    if (reading.error !== undefined) throw reading.error;
    return undefined;
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#readings.clear();
    await Promise.all([...this.#requests.values(), this.#planning]);
  }

  #full(reading: Reading): boolean {
    return reading.bufferedBytes >= this.#options.maxBufferedBytesPerPartition;
  }

  /** Sends a request to each broker that has something to give and none on the wire. */
  #plan(): void {
    if (this.#planning !== undefined) {
      this.#planAgain = true;
      return;
    }
    this.#planning = this.#sendRequests().finally(() => {
      this.#planning = undefined;
      if (this.#planAgain && !this.#closed) {
        this.#planAgain = false;
        this.#plan();
      }
    });
  }

  async #sendRequests(): Promise<void> {
    const byLeader = new Map<number, Reading[]>();
    let someFull = false;
    for (const reading of this.#readings.values()) {
      if (this.#full(reading)) someFull = true;
      if (reading.onTheWire || reading.error !== undefined || this.#full(reading)) continue;
      const leader = await this.#leader(reading);
      if (leader === undefined || this.#requests.has(leader)) continue;
      const members = byLeader.get(leader);
      if (members === undefined) byLeader.set(leader, [reading]);
      else members.push(reading);
    }
    if (this.#closed) return;
    for (const [leader, members] of byLeader) {
      for (const reading of members) reading.onTheWire = true;
      // One that is full now will have room soon, and must not wait for a request that the broker holds.
      const maxWaitMs = someFull ? Math.min(shortWaitMs, this.#options.maxWaitMs) : this.#options.maxWaitMs;
      const request = this.#request(leader, members, maxWaitMs).finally(() => {
        this.#requests.delete(leader);
        for (const reading of members) reading.onTheWire = false;
        if (!this.#closed) this.#plan();
      });
      this.#requests.set(leader, request);
    }
  }

  async #leader({ topic, partition }: Reading): Promise<number | undefined> {
    try {
      return await this.#connection.leader(topic, partition);
    } catch (error) {
      if (!(error instanceof TransportError)) throw error;
      this.#soon();
      return undefined;
    }
  }

  /** Plans again in a moment: a leader is missing, or a broker does not answer. */
  #soon(): void {
    const timer = setTimeout(() => {
      if (!this.#closed) this.#plan();
    }, retryAfterMs);
    timer.unref();
  }

  async #request(leader: number, members: readonly Reading[], maxWaitMs: number): Promise<void> {
    const { readCommitted, maxBytes } = this.#options;
    let answers: readonly FetchedPartition[];
    try {
      answers = await this.#connection.send(leader, fetch(members, { readCommitted, maxWaitMs, maxBytes }));
    } catch (error) {
      if (!(error instanceof TransportError)) throw error;
      // Which broker leads may have changed with this one's absence.
      await wait(retryAfterMs);
      if (!this.#closed) await this.#connection.refresh().catch(() => undefined);
      return;
    }
    let available = false;
    let stale = false;
    for (const answer of answers) {
      const name = topicPartitionName(answer.topic, answer.partition);
      const reading = this.#readings.get(name);
      // Removed, or moved to another offset, while the request was on the wire.
      if (reading === undefined || !members.includes(reading)) continue;
      try {
        checkCode(answer.errorCode, `fetching ${name} at offset ${reading.offset}`);
        if (this.#receive(reading, answer)) available = true;
      } catch (error) {
        if (error instanceof TransportError && error.retriable) stale = true;
        else {
          reading.error =
            error instanceof TransportError
              ? error
              : new TransportError(
                  `${name} at offset ${reading.offset}: ${error instanceof Error ? error.message : String(error)}`,
                  "CORRUPT_MESSAGE",
                  false,
                  { cause: error },
                );
          available = true;
        }
      }
    }
    if (available) this.#options.onAvailable();
    if (stale) {
      await wait(retryAfterMs);
      if (!this.#closed) await this.#connection.refresh().catch(() => undefined);
    }
  }

  /** Whether there is something to take. */
  #receive(reading: Reading, answer: FetchedPartition): boolean {
    const { readCommitted, maxBytesPerPartition } = this.#options;
    const endOffset = readCommitted ? answer.lastStableOffset : answer.highWatermark;
    if (answer.records.length === 0) return false;
    const { reader, nextOffset, truncated } = readBatches(answer.records, {
      fromOffset: reading.offset,
      abortedTransactions: readCommitted ? answer.aborted : null,
    });
    if (truncated) {
      reading.maxBytes *= 2;
      return false;
    }
    reading.maxBytes = maxBytesPerPartition;
    reading.offset = nextOffset;
    reading.chunks.push({
      topic: reading.topic,
      partition: reading.partition,
      records: reader,
      byteLength: answer.records.length,
      nextOffset,
      endOffset,
    });
    reading.bufferedBytes += answer.records.length;
    return true;
  }
}
