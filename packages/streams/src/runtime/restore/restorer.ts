import { MillraceError } from "../../errors.ts";
import type { Clock } from "../../clock.ts";
import type { StateStore } from "../../state/state-store.ts";
import type { FetchedChunk, Fetcher } from "../../transport/fetcher.ts";
import { type TopicPartition, topicPartitionName } from "../../transport/topic-partition.ts";
import { TransportError } from "../../transport/transport-error.ts";
import type { Transport } from "../../transport/transport.ts";
import type { Log } from "../../log.ts";
import type { AppMetrics } from "../metrics/app-metrics.ts";
import type { ObservedFollow, ObservedRestore } from "../metrics/observed.ts";
import type { SourceChangelog } from "./source-changelog.ts";

/** Bytes that are fetched and not yet applied, of all changelogs together. */
const maxBufferedBytes = 32 * 1024 * 1024;
/** Of one partition in one answer: what is applied in one go. */
const maxBytesPerPartition = 1024 * 1024;
/** Of a state that is written to its disk: while more waits for that, nothing is added. */
const maxPendingBytes = 32 * 1024 * 1024;
/** While there is something to restore, how far it is is told this often, ms. */
const tellEveryMs = 10_000;

/** The part of a changelog that a store does not have yet: `[from, end)`. */
export interface Changelog {
  readonly task: string;
  readonly store: StateStore;
  readonly topic: string;
  readonly partition: number;
  readonly from: number;
  readonly end: number;
  /** How it is read, where it is a source topic that serves as the changelog. */
  readonly source?: SourceChangelog | undefined;
  /** Bytes that wait to be written where the store is kept. */
  readonly pendingBytes?: () => number;
}

/**
 * The changelog of a standby: it is read on beyond `end`, where it ended when it was begun; a source topic, only as far as
 * `source` says.
 */
export interface FollowedChangelog extends Changelog {
  /** It can't be read on. */
  readonly failed: (error: unknown) => void;
}

interface Reading extends Changelog {
  position: number;
  readonly done: () => void;
  readonly failed: (error: unknown) => void;
}

interface Following extends FollowedChangelog {
  position: number;
  /** As far as is known. */
  end: number;
}

export interface RestorerEnvironment {
  readonly transport: Transport;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: AppMetrics;
  /** There is something to apply. */
  readonly onAvailable: () => void;
}

/**
 * Reads changelogs into stores, all through one fetcher and one budget of bytes, in slices of time, so that tasks that
 * are ready go on meanwhile. Waits for transactions that are still open there: what they hold is part of the state
 * once they are committed, and `end` includes them.
 *
 * Those of standbys are followed while no task waits for its state, and stand still while one does.
 */
export class Restorer {
  readonly #environment: RestorerEnvironment;
  readonly #readings = new Map<string, Reading>();
  readonly #followed = new Map<string, Following>();
  #fetcher: Fetcher | undefined;
  #toldAt = 0;
  #since = 0;
  #applied = 0;

  constructor(environment: RestorerEnvironment) {
    this.#environment = environment;
  }

  /** Records that are still to be restored, at most. */
  get remaining(): number {
    let remaining = 0;
    for (const { position, end } of this.#readings.values()) remaining += Math.max(0, end - position);
    return remaining;
  }

  /** What is being restored, as metrics have it. */
  get restores(): readonly ObservedRestore[] {
    return [...this.#readings.values()].map(({ task, store, from, position, end }) => ({
      taskId: task,
      store: store.name,
      restored: position - from,
      remaining: Math.max(0, end - position),
    }));
  }

  /** What standbys follow, as metrics have it. */
  get followed(): readonly ObservedFollow[] {
    return [...this.#followed.values()].map((following) => ({
      taskId: following.task,
      store: following.store.name,
      lag: this.#lagOf(following),
    }));
  }

  /** Resolves when the store holds all up to `end`, or when its task is abandoned. Rejects where it can't be read. */
  restore(changelog: Changelog): Promise<void> {
    if (changelog.from >= changelog.end) return Promise.resolve();
    if (this.#readings.size === 0) {
      this.#since = this.#environment.clock.monotonic();
      this.#toldAt = this.#since;
      this.#applied = 0;
      for (const following of this.#followed.values()) this.#stand(following);
    }
    return new Promise((resolve, reject) => {
      const name = topicPartitionName(changelog.topic, changelog.partition);
      this.#readings.set(name, { ...changelog, position: changelog.from, done: resolve, failed: reject });
      this.#fetcher ??= this.#newFetcher();
      this.#fetcher.add(changelog.topic, changelog.partition, changelog.from);
    });
  }

  /** What was to be restored for a task is of no use any more. */
  abandon(task: string): void {
    for (const [name, reading] of this.#readings) if (reading.task === task) this.#end(name, reading).done();
  }

  /** Reads a changelog into the store of a standby until `unfollow`. */
  follow(changelog: FollowedChangelog): void {
    const { topic, partition, from } = changelog;
    const following = { ...changelog, position: from };
    this.#followed.set(topicPartitionName(topic, partition), following);
    this.#fetcher ??= this.#newFetcher();
    if (this.#readings.size === 0) this.#goOn(following);
  }

  /** The source topics that are followed, each as far as its group has committed. */
  get limited(): readonly TopicPartition[] {
    return [...this.#followed.values()].filter(({ source }) => source !== undefined);
  }

  /** A source topic may be read up to there now; what comes after is not processed yet. */
  limit({ topic, partition }: TopicPartition, end: number): void {
    const following = this.#followed.get(topicPartitionName(topic, partition));
    if (following?.source === undefined || end <= following.source.end) return;
    const stood = following.position >= following.source.end;
    following.source.end = end;
    if (stood && this.#readings.size === 0) this.#goOn(following);
  }

  /** The changelogs of this task's standby are read no more. */
  unfollow(task: string): void {
    for (const [name, following] of this.#followed) if (following.task === task) this.#leave(name, following);
  }

  /** Records that the standby of a task lacks of what its changelogs hold, as far as is known. */
  lagOf(task: string): number {
    let lag = 0;
    for (const following of this.#followed.values())
      if (following.task === task) lag += this.#lagOf(following);
    return lag;
  }

  #lagOf(following: Following): number {
    const { topic, partition, position, source } = following;
    if (source !== undefined) return Math.max(0, source.end - position);
    following.end = Math.max(following.end, this.#fetcher?.endOffset(topic, partition) ?? -1);
    return Math.max(0, following.end - position);
  }

  /** Applies what has been fetched, until `until` (ms of the monotonic clock); whether there is more to do at once. */
  work(until: number): boolean {
    const { clock } = this.#environment;
    let progress = true;
    while (progress) {
      progress = false;
      for (const [name, reading] of this.#readings) {
        if (clock.monotonic() >= until) return true;
        if (this.#apply(name, reading)) progress = true;
      }
      if (this.#readings.size > 0) continue;
      for (const [name, following] of this.#followed) {
        if (clock.monotonic() >= until) return true;
        if (this.#applyFollowed(name, following)) progress = true;
      }
    }
    this.#tell();
    return false;
  }

  async close(): Promise<void> {
    this.#followed.clear();
    for (const [name, reading] of this.#readings) this.#end(name, reading).done();
    await this.#fetcher?.close();
  }

  #apply(name: string, reading: Reading): boolean {
    try {
      const count = this.#take(reading);
      if (count === undefined) return false;
      this.#applied += count;
      this.#environment.metrics.task(reading.task).restored.of(reading.store.name).records += count;
    } catch (error) {
      this.#end(name, reading).failed(restoreError(error, reading));
      return true;
    }
    if (reading.position >= reading.end) this.#end(name, reading).done();
    return true;
  }

  #applyFollowed(name: string, following: Following): boolean {
    try {
      const count = this.#take(following);
      if (count === undefined) return false;
      // Nothing is kept that may not be applied yet: it would take the room of those that can go on.
      if (following.source !== undefined && following.position >= following.source.end)
        this.#stand(following);
      this.#environment.metrics.task(following.task).updated.of(following.store.name).records += count;
    } catch (error) {
      this.#leave(name, following);
      following.failed(restoreError(error, following));
    }
    return true;
  }

  /** Applies what has come of a changelog next; undefined where there is nothing, or no room for it. */
  #take(reading: Reading | Following): number | undefined {
    const { topic, partition, store, source, pendingBytes } = reading;
    if (pendingBytes !== undefined && pendingBytes() > maxPendingBytes) return undefined;
    const take = (): FetchedChunk | undefined => this.#fetcher?.take(topic, partition);
    const applied =
      source === undefined
        ? applyChunk(store, take())
        : source.apply(store, take, this.#environment.onAvailable);
    if (applied === undefined) return undefined;
    reading.position = Math.max(reading.position, applied.position);
    return applied.count;
  }

  #end(name: string, reading: Reading): Reading {
    this.#readings.delete(name);
    this.#fetcher?.remove(reading.topic, reading.partition);
    if (this.#readings.size === 0) {
      this.#tell(true);
      for (const following of this.#followed.values()) this.#goOn(following);
    }
    return reading;
  }

  /** Reads a standby's changelog from where it stands, unless that is as far as it may go. */
  #goOn({ topic, partition, position, source }: Following): void {
    if (source === undefined || position < source.end) this.#fetcher?.add(topic, partition, position);
  }

  #stand({ topic, partition, source }: Following): void {
    this.#fetcher?.remove(topic, partition);
    source?.forget();
  }

  #leave(name: string, { topic, partition }: Following): void {
    this.#followed.delete(name);
    if (this.#readings.size === 0) this.#fetcher?.remove(topic, partition);
  }

  #tell(ended = false): void {
    const { clock, log } = this.#environment;
    const now = clock.monotonic();
    const remaining = this.remaining;
    if (!ended && (this.#readings.size === 0 || now - this.#toldAt < tellEveryMs)) return;
    this.#toldAt = now;
    const tookMs = Math.round(now - this.#since);
    const perSecond = Math.round((this.#applied * 1_000) / Math.max(1, tookMs));
    log(
      "info",
      ended
        ? `restored ${this.#applied} records in ${tookMs} ms, ${perSecond} a second`
        : `restoring: ${this.#applied} records so far, ${perSecond} a second, at most ${remaining} left`,
      { restored: this.#applied, perSecond, remaining, tookMs },
    );
  }

  #newFetcher(): Fetcher {
    return this.#environment.transport.createFetcher({
      readCommitted: true,
      maxWaitMs: 100,
      maxBytesPerPartition,
      maxBytes: 4 * maxBytesPerPartition,
      maxBufferedBytesPerPartition: 4 * maxBytesPerPartition,
      maxBufferedBytes,
      onAvailable: this.#environment.onAvailable,
      onAnswer: this.#environment.metrics.requestTimes("restore-consumer", "fetch"),
    });
  }
}

const applyChunk = (
  store: StateStore,
  chunk: FetchedChunk | undefined,
): { readonly position: number; readonly count: number } | undefined =>
  chunk === undefined
    ? undefined
    : { count: store.restore(chunk.records, chunk.nextOffset), position: chunk.nextOffset };

const restoreError = (error: unknown, { store, topic, partition, position }: Reading | Following): unknown =>
  // Retention or a compaction may have passed the position meanwhile, or the partition has moved: it is begun again.
  error instanceof TransportError && error.kafkaError !== "CORRUPT_MESSAGE"
    ? new TransportError(
        `restoring "${store.name}" from ${topic}-${partition} at offset ${position}: ${error.message}`,
        error.kafkaError,
        "retry",
        { cause: error },
      )
    : error instanceof MillraceError || !(error instanceof Error)
      ? error
      : new MillraceError(
          `"${store.name}" can't be restored from ${topic}-${partition} at offset ${position}: ${error.message}`,
          { code: "RESTORE", cause: error },
        );
