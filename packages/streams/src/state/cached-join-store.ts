import { CachedRow } from "./cached-row.ts";
import { ExpiringStore } from "./expiring-store.ts";
import { readInt64 } from "./int64.ts";
import type { JoinStore } from "./join-store.ts";
import { keyIdentity } from "./key-identity.ts";
import { RowsByKey } from "./rows-by-key.ts";
import { SortedList } from "./sorted-list.ts";
import type { ChangelogRecords } from "./state-store.ts";
import type { JoinStoreDefinition } from "./store-definition.ts";
import type { StoreHooks } from "./store-hooks.ts";
import { windowStoreKey, windowStoreKeyOverhead } from "./window-key.ts";

/** Sequence numbers are 31 bits, as on the JVM. */
const greatestSequence = 0x7fff_ffff;

const byTime = <K, V>(a: CachedRow<K, V>, b: CachedRow<K, V>): number => a.start - b.start || a.end - b.end;

/** Records by key, and all of them by time: the oldest expire first. A row's `end` is its sequence number. */
export class CachedJoinStore<K, V> extends ExpiringStore<K, V, CachedRow<K, V>> implements JoinStore<K, V> {
  readonly #identity: (key: K) => unknown;
  readonly #byKey = new RowsByKey<K, V>(byTime);
  readonly #byTime: SortedList<CachedRow<K, V>>;
  /** Tells duplicates apart. Goes on from the greatest in the changelog, where the JVM begins anew and overwrites. */
  #sequence = 0;

  constructor(definition: JoinStoreDefinition<K, V>, hooks: StoreHooks) {
    super(definition, hooks);
    this.#identity = keyIdentity(definition.key);
    this.#byTime = new SortedList((a, b) => {
      const order = a === b ? 0 : byTime(a, b);
      if (order !== 0 || a === b) return order;
      // The same number at the same time: only once the numbers have begun anew.
      const left = this.orderOf(a);
      const right = this.orderOf(b);
      return left < right ? -1 : left > right ? 1 : 0;
    });
  }

  put(key: K, time: number, value: V): boolean {
    if (value === undefined) {
      this.refuseUndefined(key, time);
      return true;
    }
    if (!this.observe(time)) return false;
    this.#sequence = (this.#sequence + 1) & greatestSequence;
    this.create(key, time, this.#sequence, value, time);
    return true;
  }

  fetch(key: K, from: number, to: number): Iterable<CachedRow<K, V>> {
    return this.#byKey.ascending(this.#identity(key), ...between<K, V>(from, to));
  }

  backwardFetch(key: K, from: number, to: number): Iterable<CachedRow<K, V>> {
    return this.#byKey.descending(this.#identity(key), ...between<K, V>(from, to));
  }

  fetchAll(from: number, to: number): Iterable<CachedRow<K, V>> {
    return this.#byTime.ascending(...between<K, V>(from, to));
  }

  approximateEntries(): number {
    return this.#byKey.size;
  }

  protected override attach(row: CachedRow<K, V>): void {
    this.#byKey.add(this.#identity(row.key), row);
    this.#byTime.add(row);
  }

  protected override detach(row: CachedRow<K, V>): void {
    this.#byKey.delete(this.#identity(row.key), row);
    this.#byTime.delete(row);
  }

  protected override attached(row: CachedRow<K, V>): CachedRow<K, V> | undefined {
    return this.#row(row);
  }

  protected override changelogKey(row: CachedRow<K, V>): Uint8Array {
    return windowStoreKey(this.keyBytes(row), row.start, row.end);
  }

  protected override isExpiredRow(row: CachedRow<K, V>): boolean {
    return this.hooks.expireInChangelog && this.isExpired(row.start);
  }

  protected override expire(oldest: number): void {
    for (let row = this.#byTime.first; row !== undefined && row.start <= oldest; row = this.#byTime.first) {
      this.#byTime.shift();
      this.#byKey.delete(this.#identity(row.key), row);
      this.leave(row);
    }
  }

  protected override bringBack(row: CachedRow<K, V>): void {
    this.attach(row);
  }

  protected override timeOf(row: CachedRow<K, V>): number {
    return row.start;
  }

  protected override rowsOf(row: CachedRow<K, V>): Iterable<CachedRow<K, V>> {
    return [row];
  }

  protected override sizeOf(): number {
    return 1;
  }

  protected override restoreRow(records: ChangelogRecords): void {
    const { buffer, keyStart, keyEnd, valueStart, valueEnd, timestamp } = records;
    const split = keyEnd - windowStoreKeyOverhead;
    const key = this.keySerde.deserialize(buffer, keyStart, split);
    const time = readInt64(buffer, split);
    const sequence = buffer.readInt32BE(split + 8);
    this.#sequence = Math.max(this.#sequence, sequence);
    const live = this.observeCommitted(time);
    const row = new CachedRow<K, V>(key, time, sequence, undefined, timestamp);
    const id = live ? undefined : `${time} ${sequence} ${this.orderOf(row)}`;
    const known = live ? this.#row(row) : this.leaving(id);
    if (valueStart < 0) {
      if (known === undefined) return;
      if (live) this.detach(known);
      else this.hasLeft(id, known);
      return;
    }
    const to = known ?? row;
    to.value = this.valueSerde.deserialize(buffer, valueStart, valueEnd);
    to.timestamp = timestamp;
    if (known !== undefined) return;
    if (live) this.attach(row);
    // The changelog should have lost it already, unless its deletion follows.
    else if (this.hooks.expireInChangelog) this.leave(row, id);
  }

  #row(like: CachedRow<K, V>): CachedRow<K, V> | undefined {
    const place = (row: CachedRow<K, V>): number => byTime(row, like);
    for (const row of this.#byKey.ascending(this.#identity(like.key), place, place)) return row;
    return undefined;
  }
}

const between = <K, V>(
  from: number,
  to: number,
): [(row: CachedRow<K, V>) => number, (row: CachedRow<K, V>) => number] => [
  ({ start }) => start - from,
  ({ start }) => start - to,
];
