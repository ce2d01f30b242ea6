import { CachedRow } from "./cached-row.ts";
import { readInt64 } from "./int64.ts";
import type { JoinStore } from "./join-store.ts";
import type { RowPlace } from "./keyed-row-bytes.ts";
import { type ChangelogPlace, KeyedRowsStore } from "./keyed-rows-store.ts";
import type { ChangelogRecords } from "./state-store.ts";
import type { JoinStoreDefinition } from "./store-definition.ts";
import type { StoreHooks } from "./store-hooks.ts";
import { windowStoreKey, windowStoreKeyOverhead } from "./window-key.ts";

/** Sequence numbers are 31 bits, as on the JVM. */
const greatestSequence = 0x7fff_ffff;
/** Stands after all rows, where the byte store keeps the greatest sequence number. */
const sequenceKey = Buffer.of(0xfe);

/** Records by key, and all of them by time: the oldest expire first. A row's `end` is its sequence number. */
export class CachedJoinStore<K, V> extends KeyedRowsStore<K, V> implements JoinStore<K, V> {
  /** Tells duplicates apart. Goes on from the greatest in the changelog, where the JVM begins anew and overwrites. */
  #sequence = 0;
  /** What the byte store has of it. */
  #keptSequence = 0;

  constructor(definition: JoinStoreDefinition<K, V>, hooks: StoreHooks) {
    super(definition, hooks);
    const kept = this.bytes?.get(sequenceKey);
    if (kept !== undefined) this.#sequence = this.#keptSequence = Buffer.from(kept).readInt32BE(0);
  }

  put(key: K, time: number, value: V): boolean {
    if (value === undefined) {
      this.refuseUndefined(key, time);
      return true;
    }
    const live = this.observe(time);
    if (live) this.create(key, time, this.#nextSequence(), value, time);
    else this.#writeUnkept(key, time, value);
    return live;
  }

  pass(key: K, time: number): void {
    this.#writeUnkept(key, time, undefined);
  }

  #writeUnkept(key: K, time: number, value: V | undefined): void {
    if (this.writesAll) this.writeUnkept(new CachedRow<K, V>(key, time, this.#nextSequence(), value, time));
  }

  #nextSequence(): number {
    this.#sequence = (this.#sequence + 1) & greatestSequence;
    return this.#sequence;
  }

  fetch(key: K, from: number, to: number): Iterable<CachedRow<K, V>> {
    return this.rowsOfKey(key, from, to, false);
  }

  backwardFetch(key: K, from: number, to: number): Iterable<CachedRow<K, V>> {
    return this.rowsOfKey(key, from, to, true);
  }

  fetchAll(from: number, to: number): Iterable<CachedRow<K, V>> {
    return this.rowsBetween(from, to);
  }

  protected override keepMarks(): void {
    super.keepMarks();
    if (this.#sequence === this.#keptSequence) return;
    this.#keptSequence = this.#sequence;
    const value = Buffer.allocUnsafe(4);
    value.writeInt32BE(this.#sequence, 0);
    this.keep(sequenceKey, value);
  }

  protected override *undo(): Generator<undefined, void> {
    yield* super.undo();
    // Written again with the next commit, whatever of it was on its way.
    this.#keptSequence = -1;
  }

  protected override rowTime({ start }: CachedRow<K, V>): number {
    return start;
  }

  protected override rankOf({ end }: CachedRow<K, V>): number {
    return end;
  }

  protected override newRow(
    key: K,
    { time, rank }: RowPlace,
    value: V | undefined,
    timestamp: number,
  ): CachedRow<K, V> {
    return new CachedRow<K, V>(key, time, rank, value, timestamp);
  }

  protected override changelogKey(row: CachedRow<K, V>): Uint8Array {
    return windowStoreKey(this.keyBytes(row), row.start, row.end);
  }

  protected override readChangelogKey({ buffer, keyEnd }: ChangelogRecords): ChangelogPlace {
    const split = keyEnd - windowStoreKeyOverhead;
    const sequence = buffer.readInt32BE(split + 8);
    this.#sequence = Math.max(this.#sequence, sequence);
    return { keyEnd: split, time: readInt64(buffer, split), rank: sequence };
  }
}
