import { messageOf } from "../../errors.ts";
import { CorruptBatchError } from "../codec/corrupt-batch-error.ts";
import type { FetchedChunk, Fetcher, FetcherOptions } from "../fetcher.ts";
import { timed } from "../timed.ts";
import { topicPartitionName } from "../topic-partition.ts";
import { TransportError } from "../transport-error.ts";
import type { BrokerLane } from "./broker-lane.ts";
import type { Cluster } from "./cluster.ts";
import { FetchPosition } from "./fetch-position.ts";
import { kafkaError } from "./kafka-error.ts";
import { fetch, type FetchedPartition } from "./requests/fetch.ts";
import { wait } from "./retry.ts";

const retryAfterMs = 100;
/** What is asked for at least, where the buffers are full and a partition has nothing at all. */
const leastBytes = 16 * 1024;
/** How long a topic may be unknown, as after a restart of the brokers, before it counts as deleted. */
const missingForMs = 30_000;

/**
 * Fetches from every leader ahead of the reader. A broker has one request at a time with all partitions that want one;
 * while it holds that for want of records, those that come to want (added, or with room again) go in a second, over a
 * connection of their own, instead of waiting for its end.
 */
export class KafkaFetcher implements Fetcher {
  readonly #cluster: Cluster;
  readonly #lanes: readonly BrokerLane[];
  readonly #options: FetcherOptions;
  /** In the order of the next request: whoever got something goes to the end, so that maxBytes starves nobody. */
  readonly #positions = new Map<string, FetchPosition>();
  readonly #onTheWire = new Map<string, Promise<void>>();
  /** Of all partitions, fetched and not yet taken. */
  #bufferedBytes = 0;
  /** What the requests on the wire may bring. */
  #expectedBytes = 0;
  /** Somebody is left out for want of room. */
  #full = false;
  readonly #closing = new AbortController();
  readonly #onClosed: () => void;
  #planned = false;
  #looking: Promise<void> | undefined;

  constructor(cluster: Cluster, options: FetcherOptions, onClosed: () => void) {
    this.#cluster = cluster;
    this.#lanes = [cluster.lane(), cluster.lane()];
    this.#options = options;
    this.#onClosed = onClosed;
  }

  add(topic: string, partition: number, offset: number): void {
    this.remove(topic, partition);
    const name = topicPartitionName(topic, partition);
    this.#positions.set(name, new FetchPosition(topic, partition, offset, this.#options));
    this.#plan();
  }

  remove(topic: string, partition: number): void {
    const name = topicPartitionName(topic, partition);
    const position = this.#positions.get(name);
    if (position === undefined) return;
    this.#positions.delete(name);
    this.#bufferedBytes -= position.bufferedBytes;
    if (this.#full) this.#plan();
  }

  take(topic: string, partition: number): FetchedChunk | undefined {
    const position = this.#positions.get(topicPartitionName(topic, partition));
    if (position === undefined) return undefined;
    const { wanting, bufferedBytes } = position;
    try {
      return position.take();
    } finally {
      this.#bufferedBytes += position.bufferedBytes - bufferedBytes;
      if ((!wanting && position.wanting) || (this.#full && bufferedBytes > 0)) this.#plan();
    }
  }

  endOffset(topic: string, partition: number): number {
    return this.#positions.get(topicPartitionName(topic, partition))?.endOffset ?? -1;
  }

  async close(): Promise<void> {
    this.#closing.abort();
    this.#positions.clear();
    // Ends the requests on the wire; the broker would hold them for up to maxWaitMs.
    await Promise.all(this.#lanes.map((lane) => lane.close()));
    await Promise.all([...this.#onTheWire.values(), this.#looking]);
    this.#onClosed();
  }

  get #closed(): boolean {
    return this.#closing.signal.aborted;
  }

  /** At the end of this turn: a member adds its partitions one by one. */
  #plan(): void {
    if (this.#planned || this.#closed) return;
    this.#planned = true;
    queueMicrotask(() => {
      this.#planned = false;
      if (!this.#closed) this.#send();
    });
  }

  #send(): void {
    const byLeader = new Map<number, FetchPosition[]>();
    let leaderless: FetchPosition[] | undefined;
    const full = this.#room <= 0;
    this.#full = false;
    for (const position of this.#positions.values()) {
      if (!position.wanting) continue;
      // Whoever has nothing must get something: a task may wait for just that partition.
      if (full && position.bufferedBytes > 0) {
        this.#full = true;
        continue;
      }
      const leader = this.#cluster.knownLeader(position.topic, position.partition);
      if (leader === undefined) (leaderless ??= []).push(position);
      else {
        const members = byLeader.get(leader);
        if (members === undefined) byLeader.set(leader, [position]);
        else members.push(position);
      }
    }
    if (leaderless !== undefined) this.#look(leaderless);
    let leaders = byLeader.size;
    for (const [leader, members] of byLeader) {
      const share = this.#room / leaders--;
      const slot = this.#lanes.findIndex((_, index) => !this.#onTheWire.has(`${leader}/${index}`));
      const lane = this.#lanes[slot];
      if (lane === undefined) continue;
      for (const position of members) position.busy = true;
      const name = `${leader}/${slot}`;
      const maxBytes = this.#bytesFor(members, share);
      this.#expectedBytes += maxBytes;
      const request = this.#request(lane, leader, members, maxBytes).finally(() => {
        this.#onTheWire.delete(name);
        for (const position of members) position.busy = false;
        this.#plan();
      });
      this.#onTheWire.set(name, request);
    }
  }

  /** How much may still be asked for, bytes. */
  get #room(): number {
    return this.#options.maxBufferedBytes - this.#bufferedBytes - this.#expectedBytes;
  }

  /** A broker answers with one batch in any case, however large it is: the first is the one that goes beyond. */
  #bytesFor(members: readonly FetchPosition[], share: number): number {
    let wanted = 0;
    for (const { maxBytes, atEnd } of members) wanted += atEnd ? Math.min(maxBytes, leastBytes) : maxBytes;
    return Math.min(wanted, this.#options.maxBytes, Math.max(leastBytes, Math.floor(share)));
  }

  /** Never rejects: there is nobody to tell but the reader of the partitions. */
  async #request(
    lane: BrokerLane,
    leader: number,
    members: readonly FetchPosition[],
    maxBytes: number,
  ): Promise<void> {
    const { readCommitted, onAvailable, onAnswer } = this.#options;
    const maxWaitMs = members.some(({ fresh }) => fresh) ? 0 : this.#options.maxWaitMs;
    let answers: readonly FetchedPartition[];
    try {
      const request = fetch(members, { readCommitted, maxWaitMs, maxBytes });
      answers = await timed(lane.send(leader, request), onAnswer, () => performance.now());
      this.#expectedBytes -= maxBytes;
    } catch (error) {
      this.#expectedBytes -= maxBytes;
      if (this.#closed) return;
      if (error instanceof TransportError && error.retriable) return this.#refresh(members);
      for (const position of members) position.fail(asTransportError(error, position));
      onAvailable();
      return;
    }
    const asked = new Map(
      members.map((position) => [topicPartitionName(position.topic, position.partition), position]),
    );
    const stale: FetchPosition[] = [];
    let available = false;
    for (const answer of answers) {
      const name = topicPartitionName(answer.topic, answer.partition);
      const position = asked.get(name);
      // Removed, or moved to another offset, while the request was on the wire.
      if (position === undefined || this.#positions.get(name) !== position) continue;
      const outcome = this.#receive(name, position, answer);
      if (outcome === "stale") stale.push(position);
      else if (outcome === "available") available = true;
    }
    if (available) onAvailable();
    if (stale.length > 0) await this.#refresh(stale);
  }

  #receive(
    name: string,
    position: FetchPosition,
    answer: FetchedPartition,
  ): "available" | "nothing" | "stale" {
    try {
      if (answer.errorCode !== 0) {
        const error = fetchError(answer.errorCode, name, position.offset);
        if (error.retriable) return "stale";
        throw error;
      }
      const { bufferedBytes } = position;
      if (!position.receive(answer)) return "nothing";
      this.#bufferedBytes += position.bufferedBytes - bufferedBytes;
      this.#positions.delete(name);
      this.#positions.set(name, position);
    } catch (error) {
      position.fail(asTransportError(error, position));
    }
    return "available";
  }

  /** After a moment, asks anew who leads: the broker is gone, or is the leader no more. */
  async #refresh(positions: readonly FetchPosition[]): Promise<void> {
    await wait(retryAfterMs, this.#closing.signal);
    if (this.#closed) return;
    try {
      await this.#cluster.refresh(positions.map(({ topic }) => topic));
    } catch (error) {
      this.#failIfHopeless(error, positions);
    }
  }

  /** Looks for leaders that are not known, again and again, one look at a time. */
  #look(positions: readonly FetchPosition[]): void {
    this.#looking ??= this.#findLeaders(positions).finally(() => {
      this.#looking = undefined;
      this.#plan();
    });
  }

  async #findLeaders(positions: readonly FetchPosition[]): Promise<void> {
    const missing = await Promise.all(
      positions.map(async (position) => {
        try {
          await this.#cluster.leader(position.topic, position.partition);
          position.missingSince = undefined;
          return false;
        } catch (error) {
          this.#failIfHopeless(error, [position]);
          return true;
        }
      }),
    );
    if (missing.includes(true)) await wait(retryAfterMs, this.#closing.signal);
  }

  #failIfHopeless(error: unknown, positions: readonly FetchPosition[]): void {
    if (this.#closed) return;
    const retriable = error instanceof TransportError && error.retriable;
    const now = performance.now();
    let failed = false;
    for (const position of positions) {
      if (retriable) {
        if (error.kafkaError !== "UNKNOWN_TOPIC_OR_PARTITION") continue;
        position.missingSince ??= now;
        if (now - position.missingSince < missingForMs) continue;
        const { topic, partition } = position;
        position.fail(
          new TransportError(
            `${topic}-${partition} is not there any more: was the topic deleted? Restore it, or stop reading it`,
            error.kafkaError,
            "fatal",
            { cause: error },
          ),
        );
      } else position.fail(asTransportError(error, position));
      failed = true;
    }
    if (failed) this.#options.onAvailable();
  }
}

/** Whatever went wrong with reading a partition, for `take` to throw. */
const asTransportError = (error: unknown, { topic, partition, offset }: FetchPosition): TransportError =>
  error instanceof TransportError
    ? error
    : new TransportError(
        `${topic}-${partition} at offset ${offset}: ${messageOf(error)}`,
        "CORRUPT_MESSAGE",
        "fatal",
        {
          cause: error,
        },
      );

/** CORRUPT_MESSAGE: the leader's own log is damaged. Asked again it would say the same for ever. */
const corruptMessage = 2;

const fetchError = (code: number, name: string, offset: number): TransportError =>
  code === corruptMessage
    ? new CorruptBatchError(`${name} offset ${offset}`, "the broker says that its log is damaged there")
    : kafkaError(code, `fetching ${name} at offset ${offset}`);
