import type { Serde } from "../serde.ts";
import type { CachedRow, CommittedRow } from "./cached-row.ts";
import type { ByteStore } from "./byte-store.ts";
import { CachedStore } from "./cached-store.ts";
import { readInt64, writeInt64 } from "./int64.ts";
import { ObservedTime } from "./observed-time.ts";
import type { StoreHooks } from "./store-hooks.ts";

/** Stands after all rows: these begin with a time. */
const observedKey = Buffer.of(0xff);

/** The budget of a flush is asked after this many expired rows. */
const rowsPerLook = 8;

/** What an expiring store keeps of its definition; `retention` in ms. */
export interface Expires<K, V> {
  readonly name: string;
  readonly key: Serde<K>;
  readonly value: Serde<V>;
  readonly retention: number;
  readonly expiresBy?: "written" | "task";
}

/**
 * What stores share whose rows expire: with the store's own stream time, the greatest time ever written (as in the JVM's
 * stores), or with the task's, a row goes that is older than the retention. Rows expire in groups `G`: windows, or single rows.
 */
export abstract class ExpiringStore<K, V, G> extends CachedStore<K, V> {
  readonly #retention: number;
  readonly #byTask: boolean;
  readonly #observed = new ObservedTime();
  /** What expired, and is still in the changelog. */
  readonly #expired = new Map<unknown, G>();
  #expiredRows = 0;
  /** The rows of the first of it that are still to be deleted from the changelog. */
  #expiring: Iterator<CachedRow<K, V>> | undefined;
  /** What expired, and left the changelog, since the last seal; and before it, since the last commit. */
  #left: G[] = [];
  #leftSealed: G[] = [];
  /** The stream time that has been given to the byte store. */
  #marked = -1;
  /** A row that came, advanced the stream time and went since the last flush. */
  #passed: CachedRow<K, V> | undefined;

  constructor(definition: Expires<K, V>, hooks: StoreHooks, bytes?: ByteStore) {
    super(definition, hooks, bytes);
    this.#retention = definition.retention;
    this.#byTask = definition.expiresBy === "task";
  }

  /** The time that decides whether a group has expired. */
  protected abstract timeOf(group: G): number;
  protected abstract rowsOf(group: G): Iterable<CachedRow<K, V>>;
  protected abstract sizeOf(group: G): number;
  /** Takes every group away whose time is at or before `oldest`, and gives each to `leave`. */
  protected abstract expire(oldest: number): void;
  /** Puts a group back that expired after the last commit; may stop after each row. */
  protected abstract bringBack(group: G): Iterable<undefined>;

  override get dirty(): boolean {
    return super.dirty || this.#expired.size > 0;
  }

  override get dirtyBytes(): number {
    return super.dirtyBytes + this.#expiredRows * this.rowBytes;
  }

  /** The time that decides whether a row has expired. */
  protected rowTime(row: CachedRow<K, V>): number {
    return row.start;
  }

  /** A row of a group that has expired is on its way out: indexes that still have it may forget it. */
  protected unindex(_row: CachedRow<K, V>): void {
    // Of interest to stores with an index over groups.
  }

  /** The same for all rows of a group, in one go. */
  protected unindexGroup(_group: G): void {
    // As above.
  }

  /** The rows of a group that has expired, which are in memory; those of one key, whose identity is `id`, where it is given. */
  protected abstract groupRows(group: G, id?: unknown, key?: K): Iterable<CachedRow<K, V>>;

  protected override rowAtCommit(row: CachedRow<K, V>): CommittedRow<K, V> | undefined {
    return this.isExpiredAtCommit(this.rowTime(row)) ? undefined : super.rowAtCommit(row);
  }

  protected override *departed(id?: unknown, key?: K): Iterable<CachedRow<K, V>> {
    yield* super.departed(id);
    for (const groups of [this.#expired.values(), this.#left, this.#leftSealed])
      for (const group of groups) yield* this.groupRows(group, id, key);
  }

  /** Whether a time had expired already at the last commit. */
  protected isExpiredAtCommit(time: number): boolean {
    return time <= this.#observed.committed - this.#retention;
  }

  protected isExpired(time: number): boolean {
    return time <= this.oldest;
  }

  /** Times up to here have expired, ms. */
  protected get oldest(): number {
    return this.#observed.now - this.#retention;
  }

  /** A time is written; false when it has expired already. */
  protected observe(time: number): boolean {
    if (this.#byTask) return this.#observeTask(time);
    if (time <= this.#observed.now) return !this.isExpired(time);
    this.#observed.now = time;
    this.expire(time - this.#retention);
    return true;
  }

  #observeTask(time: number): boolean {
    const now = this.hooks.streamTime?.() ?? -1;
    if (now > this.#observed.now) {
      this.#observed.now = now;
      this.expire(now - this.#retention);
    }
    return !this.isExpired(time);
  }

  /** The same for a time in the changelog. */
  protected observeCommitted(time: number): boolean {
    const live = this.observe(time);
    this.#observed.restored();
    return live;
  }

  /**
   * A group has expired: its rows are to be deleted from the changelog. `id` finds it, when its deletion is read from there.
   */
  protected leave(group: G, id: unknown = group): void {
    if (!this.hooks.expireInChangelog && this.bytes === undefined) {
      this.#left.push(group);
      this.unindexGroup(group);
    } else if (this.sizeOf(group) > 0) {
      this.#expired.set(id, group);
      this.#expiredRows += this.sizeOf(group);
    }
  }

  /** An expired group that is still in the changelog: its deletion may follow there. */
  protected leaving(id: unknown): G | undefined {
    return this.#expired.get(id);
  }

  /** A row of an expired group was read from the changelog, or its deletion was (-1). */
  protected leavingRows(id: unknown, group: G, rows: 1 | -1): void {
    this.#expiredRows += rows;
    if (this.sizeOf(group) === 0) this.#expired.delete(id);
    else this.#expired.set(id, group);
  }

  /** The deletion of an expired group was read from the changelog. */
  protected hasLeft(id: unknown, group: G): void {
    if (this.#expired.delete(id)) this.#expiredRows -= this.sizeOf(group);
  }

  override flush(budget?: () => boolean): boolean {
    const more = this.#deleteExpired(budget) || super.flush(budget);
    if (!more) {
      this.#tellTime();
      this.#observed.flush();
    }
    return more;
  }

  protected override passed(row: CachedRow<K, V>): void {
    const { now, flushed } = this.#observed;
    if (now > flushed && this.rowTime(row) === now) this.#passed = row;
  }

  /**
   * A changelog tells stream time by its rows. Where the one that advanced it went before it was written, its deletion is,
   * so that a store that is read back takes nothing that had expired.
   */
  #tellTime(): void {
    const row = this.#passed;
    this.#passed = undefined;
    if (row === undefined || this.#byTask || !this.hooks.expireInChangelog) return;
    if (this.rowTime(row) === this.#observed.now) this.writeUnkept(row);
  }

  /** The stream time that the byte store has; rows that are gone may have had a later one than those that are there. */
  protected readObserved(): void {
    const bytes = this.bytes?.get(observedKey);
    if (bytes === undefined) return;
    this.#observed.now = readInt64(Buffer.from(bytes), 0);
    this.#observed.restored();
    this.#marked = this.#observed.now;
    this.expire(this.oldest);
  }

  protected override keepMarks(): void {
    const { flushed } = this.#observed;
    if (flushed <= this.#marked) return;
    this.#marked = flushed;
    const value = Buffer.allocUnsafe(8);
    writeInt64(value, 0, flushed);
    this.keep(observedKey, value);
  }

  override seal(epoch: number): void {
    super.seal(epoch);
    this.#observed.seal();
    this.#leftSealed = this.#left;
    this.#left = [];
  }

  override committed(epoch: number, position: number | undefined): void {
    super.committed(epoch, position);
    this.#observed.commit();
    this.#leftSealed = [];
  }

  protected override *undo(): Generator<undefined, void> {
    this.#expiring = undefined;
    this.#passed = undefined;
    this.#observed.revert();
    this.#marked = Math.min(this.#marked, this.#observed.committed);
    const stay: G[] = [];
    // Who reads what was committed looks for them here until all are back.
    for (const groups of [this.#expired.values(), this.#left, this.#leftSealed])
      for (const group of groups) {
        if (this.isExpired(this.timeOf(group))) stay.push(group);
        else yield* this.bringBack(group);
        yield;
      }
    this.#expired.clear();
    this.#expiredRows = 0;
    this.#left = [];
    this.#leftSealed = [];
    for (const group of stay) {
      this.leave(group);
      yield;
    }
    yield* super.undo();
  }

  /**
   * The JVM leaves this to the changelog topic's retention, which goes by record timestamps: a replay of old records
   * would lose windows that are still open. Tombstones and compaction know stream time. True when the budget ended first.
   */
  #deleteExpired(budget?: () => boolean): boolean {
    let looked = 0;
    for (const [id, group] of this.#expired) {
      this.#expiring ??= this.rowsOf(group)[Symbol.iterator]();
      for (let next = this.#expiring.next(); next.done !== true; next = this.#expiring.next()) {
        const row = next.value;
        this.#expiredRows--;
        this.unindex(row);
        // A dirty row of an expired window: its change still goes downstream, after this.
        if (row.value !== undefined && row.dirtyAt < 0) {
          if (this.hooks.expireInChangelog) this.write(this.changelogKey(row), null, row.timestamp);
          if (this.bytes !== undefined) this.keepRow(row, null, false);
        }
        if (budget !== undefined && ++looked % rowsPerLook === 0 && !budget()) return true;
      }
      this.#expired.delete(id);
      this.#expiring = undefined;
      this.#left.push(group);
    }
    return false;
  }
}
