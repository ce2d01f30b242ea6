import type { FetchedChunk, Fetcher, FetcherOptions } from "../../transport/fetcher.ts";
import { topicPartitionName } from "../../transport/topic-partition.ts";
import { TransportError } from "../../transport/transport-error.ts";
import { EntryReader } from "./entry-reader.ts";
import type { NetworkPath } from "./network-path.ts";
import type { SimulatedBroker } from "./simulated-broker.ts";

const retryAfterMs = 5;

interface Reading {
  readonly topic: string;
  readonly partition: number;
  position: number;
  readonly chunks: FetchedChunk[];
  buffered: number;
  /** Its end was told, or something before it. */
  told: boolean;
  failure: TransportError | undefined;
  /** `take` has thrown it. */
  failed: boolean;
  endOffset: number;
  readonly unwatch: () => void;
}

/** Reads whenever something was written; what it finds arrives a hop later. */
export class SimulatedFetcher implements Fetcher {
  readonly #broker: SimulatedBroker;
  readonly #path: NetworkPath;
  readonly #options: FetcherOptions;
  readonly #readings = new Map<string, Reading>();
  #buffered = 0;
  #fetching = false;
  #again = false;
  #closed = false;

  constructor(broker: SimulatedBroker, path: NetworkPath, options: FetcherOptions) {
    this.#broker = broker;
    this.#path = path;
    this.#options = options;
  }

  add(topic: string, partition: number, offset: number): void {
    this.remove(topic, partition);
    const log = this.#broker.log(topic, partition);
    this.#readings.set(topicPartitionName(topic, partition), {
      topic,
      partition,
      position: offset,
      chunks: [],
      buffered: 0,
      told: false,
      failure: undefined,
      failed: false,
      endOffset: -1,
      unwatch: log.watch(() => this.#fetch()),
    });
    this.#fetch();
  }

  remove(topic: string, partition: number): void {
    const name = topicPartitionName(topic, partition);
    const reading = this.#readings.get(name);
    if (reading === undefined) return;
    reading.unwatch();
    this.#buffered -= reading.buffered;
    this.#readings.delete(name);
    this.#fetch();
  }

  take(topic: string, partition: number): FetchedChunk | undefined {
    const reading = this.#readings.get(topicPartitionName(topic, partition));
    if (reading === undefined) return undefined;
    const chunk = reading.chunks.shift();
    if (chunk === undefined) {
      if (reading.failure === undefined || reading.failed) return undefined;
      reading.failed = true;
      throw reading.failure;
    }
    reading.buffered -= chunk.byteLength;
    this.#buffered -= chunk.byteLength;
    this.#fetch();
    return chunk;
  }

  endOffset(topic: string, partition: number): number {
    return this.#readings.get(topicPartitionName(topic, partition))?.endOffset ?? -1;
  }

  close(): Promise<void> {
    this.#closed = true;
    for (const { topic, partition } of this.#readings.values()) this.remove(topic, partition);
    return Promise.resolve();
  }

  #fetch(): void {
    this.#again = true;
    if (!this.#fetching && !this.#closed) void this.#run();
  }

  async #run(): Promise<void> {
    this.#fetching = true;
    try {
      while (this.#again && !this.#closed) {
        this.#again = false;
        if (!(await this.#arrives())) continue;
        if (this.#closed || !this.#round()) continue;
        this.#again = true;
        this.#options.onAvailable();
      }
    } catch (error) {
      // The transport was closed: there is nobody left to tell.
      if (!(error instanceof TransportError)) throw error;
    } finally {
      this.#fetching = false;
    }
  }

  /** Whether a request and its response get through; looked for again after a moment where they don't. */
  async #arrives(): Promise<boolean> {
    try {
      await this.#path.hop();
      return true;
    } catch (error) {
      if (!(error instanceof TransportError) || !error.retriable) throw error;
      await new Promise<void>((resolve) => void this.#broker.clock.setTimeout(resolve, retryAfterMs));
      this.#again = true;
      return false;
    }
  }

  /** One response; whether there is anything in it. */
  #round(): boolean {
    let left = this.#options.maxBytes;
    let found = false;
    for (const [name, reading] of this.#readings) {
      if (left <= 0) {
        this.#again = true;
        break;
      }
      const { failure, buffered } = reading;
      if (failure !== undefined || buffered > this.#options.maxBufferedBytesPerPartition) continue;
      if (buffered > 0 && this.#buffered > this.#options.maxBufferedBytes) continue;
      const bytes = this.#read(reading, Math.min(left, this.#options.maxBytesPerPartition));
      if (bytes === undefined) continue;
      found = true;
      left -= bytes;
      // The next response begins with the others.
      this.#readings.delete(name);
      this.#readings.set(name, reading);
    }
    return found;
  }

  #read(reading: Reading, maxBytes: number): number | undefined {
    const { topic, partition, position } = reading;
    const { readCommitted } = this.#options;
    try {
      const { entries, byteLength, nextOffset, endOffset } = this.#broker
        .log(topic, partition)
        .read(position, readCommitted, maxBytes);
      reading.endOffset = endOffset;
      if (reading.told && nextOffset === position) return undefined;
      reading.told = true;
      reading.position = nextOffset;
      reading.buffered += byteLength;
      this.#buffered += byteLength;
      const records = new EntryReader(entries);
      reading.chunks.push({ topic, partition, records, byteLength, nextOffset, endOffset, leaderEpoch: 0 });
      return byteLength;
    } catch (error) {
      if (!(error instanceof TransportError)) throw error;
      reading.failure = error;
      return 0;
    }
  }
}
