import type { FetchedChunk, Fetcher, FetcherOptions } from "../../../transport/fetcher.ts";
import { timed } from "../../../transport/timed.ts";
import { topicPartitionName } from "../../../transport/topic-partition.ts";
import { TransportError } from "../../../transport/transport-error.ts";
import { type FetchAnswer, fetchAt, type FetchQuestion } from "../broker/fetch-at.ts";
import type { SimulatedBrokers } from "../broker/simulated-brokers.ts";
import type { ClusterView } from "./cluster-view.ts";
import { EntryReader } from "./entry-reader.ts";
import { Reading } from "./reading.ts";

const retryAfterMs = 100;
/** How long a topic may be unknown before it counts as deleted, ms. */
const missingForMs = 30_000;
/** Requests that one broker may have at a time: those that come to want do not wait for one that is held. */
const slots = 2;

/** Fetches from every leader ahead of the reader, as KafkaFetcher does. */
export class SimulatedFetcher implements Fetcher {
  readonly #brokers: SimulatedBrokers;
  readonly #view: ClusterView;
  readonly #options: FetcherOptions;
  readonly #readings = new Map<string, Reading>();
  readonly #onTheWire = new Map<number, number>();
  #buffered = 0;
  #planned = false;
  #closed = false;

  constructor(brokers: SimulatedBrokers, view: ClusterView, options: FetcherOptions) {
    this.#brokers = brokers;
    this.#view = view;
    this.#options = options;
  }

  add(topic: string, partition: number, offset: number): void {
    this.remove(topic, partition);
    this.#readings.set(topicPartitionName(topic, partition), new Reading(topic, partition, offset));
    this.#plan();
  }

  remove(topic: string, partition: number): void {
    const name = topicPartitionName(topic, partition);
    const reading = this.#readings.get(name);
    if (reading === undefined) return;
    this.#buffered -= reading.buffered;
    this.#readings.delete(name);
    this.#plan();
  }

  take(topic: string, partition: number): FetchedChunk | undefined {
    const reading = this.#readings.get(topicPartitionName(topic, partition));
    const chunk = reading?.take();
    if (chunk !== undefined) {
      this.#buffered -= chunk.byteLength;
      this.#plan();
    }
    return chunk;
  }

  endOffset(topic: string, partition: number): number {
    return this.#readings.get(topicPartitionName(topic, partition))?.endOffset ?? -1;
  }

  close(): Promise<void> {
    this.#closed = true;
    this.#readings.clear();
    return Promise.resolve();
  }

  /** At the end of this turn: a member adds its partitions one by one. */
  #plan(): void {
    if (this.#planned || this.#closed) return;
    this.#planned = true;
    void Promise.resolve().then(() => this.#sendPlanned());
  }

  #sendPlanned(): void {
    this.#planned = false;
    if (!this.#closed) this.#send();
  }

  #send(): void {
    const byLeader = new Map<number, Reading[]>();
    for (const reading of this.#readings.values()) {
      if (!this.#wants(reading)) continue;
      const leader = this.#view.knownLeader(reading.name);
      if (leader === undefined) {
        reading.busy = true;
        void this.#findLeader(reading);
        continue;
      }
      const members = byLeader.get(leader);
      if (members === undefined) byLeader.set(leader, [reading]);
      else members.push(reading);
    }
    for (const [leader, members] of byLeader) {
      const used = this.#onTheWire.get(leader) ?? 0;
      if (used >= slots) continue;
      this.#onTheWire.set(leader, used + 1);
      for (const reading of members) reading.busy = true;
      void this.#request(leader, members);
    }
  }

  #wants({ busy, failure, buffered }: Reading): boolean {
    const { maxBufferedBytesPerPartition, maxBufferedBytes } = this.#options;
    if (busy || failure !== undefined || buffered >= maxBufferedBytesPerPartition) return false;
    return buffered === 0 || this.#buffered < maxBufferedBytes;
  }

  /** Never rejects: there is nobody to tell but the reader of the partitions. */
  async #request(leader: number, members: readonly Reading[]): Promise<void> {
    const questions = members.map(({ topic, partition, position, fresh }): FetchQuestion => ({
      topic,
      partition,
      position,
      fresh,
    }));
    const failed: (readonly [Reading, TransportError])[] = [];
    let available = false;
    try {
      const answers = await timed(
        this.#view.send(leader, "Fetch", () => fetchAt(this.#brokers, leader, questions, this.#options)),
        this.#options.onAnswer,
        () => this.#view.clock.monotonic(),
      );
      for (const [at, reading] of members.entries()) {
        const answer = answers[at];
        // Removed, or moved to another offset, while the request was on the wire.
        if (answer === undefined || this.#readings.get(reading.name) !== reading) continue;
        if (answer.error !== undefined) failed.push([reading, answer.error]);
        else if (this.#receive(reading, answer)) available = true;
      }
    } catch (error) {
      if (!(error instanceof TransportError)) throw error;
      for (const reading of members) failed.push([reading, error]);
    }
    this.#onTheWire.set(leader, (this.#onTheWire.get(leader) ?? 1) - 1);
    const stale = new Set<Reading>();
    for (const [reading, error] of failed) {
      if (error.retriable) {
        this.#view.forgetLeader(reading.topic, reading.partition);
        stale.add(reading);
      } else {
        reading.failure = error;
        available = true;
      }
    }
    for (const reading of members) if (!stale.has(reading)) reading.busy = false;
    if (stale.size > 0)
      this.#view.clock.setTimeout(() => {
        for (const reading of stale) reading.busy = false;
        this.#plan();
      }, retryAfterMs);
    if (this.#closed) return;
    if (available) this.#options.onAvailable();
    this.#plan();
  }

  #receive(reading: Reading, { read, leaderEpoch }: FetchAnswer): boolean {
    if (read === undefined) return false;
    const { entries, byteLength, nextOffset, endOffset } = read;
    reading.fresh = false;
    reading.endOffset = endOffset;
    const moved = nextOffset > reading.position;
    // An empty chunk tells, once, that the end was reached.
    if (!moved && (nextOffset < endOffset || endOffset === reading.reportedEnd)) return false;
    reading.position = nextOffset;
    reading.reportedEnd = endOffset;
    reading.buffered += byteLength;
    this.#buffered += byteLength;
    const { topic, partition } = reading;
    const records = new EntryReader(entries);
    reading.chunks.push({ topic, partition, records, byteLength, nextOffset, endOffset, leaderEpoch });
    // The next response begins with the others.
    this.#readings.delete(reading.name);
    this.#readings.set(reading.name, reading);
    return true;
  }

  async #findLeader(reading: Reading): Promise<void> {
    const { clock } = this.#view;
    let wait = 0;
    try {
      await this.#view.leader(reading);
      reading.missingSince = undefined;
    } catch (error) {
      if (!(error instanceof TransportError)) throw error;
      wait = retryAfterMs;
      const { topic, partition } = reading;
      reading.missingSince ??= clock.monotonic();
      const gone =
        error.kafkaError === "UNKNOWN_TOPIC_OR_PARTITION" &&
        clock.monotonic() - reading.missingSince >= missingForMs;
      if (gone || !error.retriable)
        reading.failure = gone
          ? new TransportError(
              `${topic}-${partition} is not there any more: was the topic deleted? Restore it, or stop reading it`,
              error.kafkaError,
              "fatal",
              { cause: error },
            )
          : error;
    }
    const done = (): void => {
      reading.busy = false;
      if (this.#closed) return;
      if (reading.failure !== undefined && this.#readings.get(reading.name) === reading)
        this.#options.onAvailable();
      this.#plan();
    };
    if (wait > 0) clock.setTimeout(done, wait);
    else done();
  }
}
