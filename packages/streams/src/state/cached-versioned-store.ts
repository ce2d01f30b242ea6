import type { Serde } from "../serde.ts";
import { CachedRow } from "./cached-row.ts";
import { CachedStore } from "./cached-store.ts";
import { CommittedVersionedView } from "./committed-versioned-view.ts";
import { EndedInBytes, EndedInMemory, type EndedVersions } from "./ended-versions.ts";
import { historySerde } from "./history-serde.ts";
import { readInt64, writeInt64 } from "./int64.ts";
import { ObservedTime } from "./observed-time.ts";
import { rowBytes } from "./row-bytes.ts";
import type { ChangelogRecords } from "./state-store.ts";
import type { VersionedStoreDefinition } from "./store-definition.ts";
import type { StoreHooks } from "./store-hooks.ts";
import {
  currentOf,
  endOf,
  type History,
  placeOf,
  type Version,
  versionAt,
  versionsWithin,
  withVersion,
} from "./version-history.ts";
import type {
  ReadOnlyVersionedStore,
  VersionedPut,
  VersionedRecord,
  VersionedStore,
} from "./versioned-store.ts";

/** What nobody can read any more is looked for this often, and so many keys are looked at with one commit, in one go. */
const looksPerRetention = 16;
const keysPerLook = 1_024;
/** The budget of a flush is asked after this many histories. */
const rowsPerLook = 8;

/** Before each key in the byte store: what else is there begins otherwise. */
const rowMark = Buffer.of(0);
/** Stands after all rows there: the greatest time ever put. */
const observedKey = Buffer.of(0xff);

/** A versioned store in a Map, one row per key, whose value is the key's history; above a byte store the Map is a cache. */
export class CachedVersionedStore<K, V> extends CachedStore<K, History<V>> implements VersionedStore<K, V> {
  readonly #retention: number;
  readonly #value: Serde<V>;
  readonly #rows = new Map<unknown, CachedRow<K, History<V>>>();
  readonly #observed = new ObservedTime();
  /** The version that is being put. */
  #putting: Version<V> | undefined;
  #nextLook = 0;
  readonly #ended: EndedVersions<K>;
  /** Rows whose histories are still to be given to the byte store. */
  readonly #touched = new Set<CachedRow<K, History<V>>>();
  /** Those that go there with the next commit, and with the one that is sealed. */
  #kept = new Set<CachedRow<K, History<V>>>();
  #keptSealed = new Set<CachedRow<K, History<V>>>();
  /** The stream time that has been given to the byte store. */
  #marked = -1;

  constructor(definition: VersionedStoreDefinition<K, V>, hooks: StoreHooks) {
    const { name, key } = definition;
    super(
      { name, key, value: historySerde(definition.value) },
      { ...hooks, writeThrough: true },
      hooks.bytes,
    );
    this.#retention = definition.historyRetention;
    this.#value = definition.value;
    const { bytes } = this;
    this.#ended =
      bytes === undefined
        ? new EndedInMemory()
        : new EndedInBytes(
            bytes,
            {
              write: (of) => this.serializeKey(of),
              read: (source) => this.keySerde.deserialize(source, 0, source.length),
            },
            (at, value) => this.keep(at, value),
          );
    const observed = bytes?.get(observedKey);
    if (observed === undefined) return;
    this.#observed.now = readInt64(Buffer.from(observed), 0);
    this.#observed.restored();
    this.#marked = this.#observed.now;
  }

  get(key: K, asOf: number = Number.POSITIVE_INFINITY): VersionedRecord<V> | undefined {
    return versionAt(this.#historyOf(key), asOf, this.#oldest());
  }

  fetch(key: K, from: number, to: number): Iterable<VersionedRecord<V>> {
    return versionsWithin(this.#historyOf(key), from, to, this.#oldest());
  }

  backwardFetch(key: K, from: number, to: number): Iterable<VersionedRecord<V>> {
    return versionsWithin(this.#historyOf(key), from, to, this.#oldest()).toReversed();
  }

  committedView(): ReadOnlyVersionedStore<K, V> {
    return new CommittedVersionedView({
      of: (key) => this.#committedHistory(key),
      oldest: () => this.#observed.committed - this.#retention,
      approximateEntries: () => this.approximateEntries(),
    });
  }

  #row(key: K): CachedRow<K, History<V>> | undefined {
    const row = this.#rows.get(this.identity(key));
    if (this.bytes === undefined) return row;
    if (row !== undefined) {
      this.lookups.hits++;
      return row;
    }
    if (key === null || key === undefined) return undefined;
    return this.load(key, 0, byteKeyOf(this.serializeKey(key)));
  }

  #historyOf(key: K): History<V> {
    return this.#row(key)?.value ?? [];
  }

  #oldest(): number {
    return this.#observed.now - this.#retention;
  }

  #committedHistory(key: K): History<V> {
    if (this.bytes !== undefined) {
      const bytes = this.bytes.get(byteKeyOf(this.serializeKey(key)));
      return bytes === undefined ? [] : this.readRow(bytes).value;
    }
    const row = this.#rows.get(this.identity(key));
    return (row === undefined ? undefined : this.rowAtCommit(row)?.value) ?? [];
  }

  put(key: K, value: V | null, timestamp: number): VersionedPut | undefined {
    const isExpired = timestamp < this.#observed.now - this.#retention;
    if (isExpired && !this.writesAll) return undefined;
    if (value === undefined) {
      this.refuseUndefined(key, timestamp);
      return undefined;
    }
    const version: Version<V> = { timestamp, value: value ?? undefined };
    if (isExpired) {
      this.#putting = version;
      this.writeUnkept(new CachedRow<K, History<V>>(key, 0, 0, [], timestamp));
      this.#putting = undefined;
      return undefined;
    }
    this.#observed.now = Math.max(this.#observed.now, timestamp);
    const row = this.#row(key);
    const history = withVersion(row?.value ?? [], version);
    this.#putting = version;
    if (row === undefined) this.create(key, 0, 0, history, timestamp);
    else this.change(row, history, timestamp);
    this.#putting = undefined;
    this.#observed.flush();
    const at = placeOf(history, timestamp);
    if (this.#rows.has(this.identity(key))) this.#willEnd(key, history, at);
    return { validTo: endOf(history, at) };
  }

  delete(key: K, timestamp: number): VersionedRecord<V> | undefined {
    const before = this.get(key, timestamp);
    this.put(key, null, timestamp);
    return before;
  }

  approximateEntries(): number {
    return this.#rows.size + (this.bytes?.size ?? 0);
  }

  override get dirty(): boolean {
    return super.dirty || this.#touched.size > 0;
  }

  override flush(budget?: () => boolean): boolean {
    const more = super.flush(budget) || this.#keepTouched(budget);
    this.#observed.flush();
    return more;
  }

  override seal(epoch: number): void {
    super.seal(epoch);
    this.#keptSealed = this.#kept;
    this.#kept = new Set();
    this.#observed.seal();
  }

  override committed(epoch: number, position: number | undefined): void {
    this.#keptSealed.clear();
    super.committed(epoch, position);
    this.#observed.commit();
    this.#forgetEnded();
  }

  protected override *undo(): Generator<undefined, void> {
    yield* super.undo();
    this.#observed.revert();
    this.#touched.clear();
    this.#kept.clear();
    this.#keptSealed.clear();
    this.#marked = Math.min(this.#marked, this.#observed.committed);
  }

  /** Written once with the commit, whole, however many versions were put. */
  protected override keepRow(row: CachedRow<K, History<V>>): void {
    this.#touched.add(row);
  }

  protected override isHeld(row: CachedRow<K, History<V>>): boolean {
    return this.#touched.has(row) || this.#kept.has(row) || this.#keptSealed.has(row);
  }

  /** True when the budget ended before all were given to the byte store. */
  #keepTouched(budget?: () => boolean): boolean {
    let looked = 0;
    for (const row of this.#touched) {
      this.#touched.delete(row);
      this.#kept.add(row);
      const history = this.#current(row.value ?? []);
      const bytes = this.valueSerde.serialize(history);
      this.keep(
        this.byteKey(row),
        history.length === 0 || bytes === null ? null : rowBytes(bytes, row.timestamp),
      );
      if (budget !== undefined && ++looked % rowsPerLook === 0 && this.#touched.size > 0 && !budget())
        return true;
    }
    return false;
  }

  protected override keepMarks(): void {
    this.#keepTouched();
    const { flushed } = this.#observed;
    if (flushed <= this.#marked) return;
    this.#marked = flushed;
    const value = Buffer.allocUnsafe(8);
    writeInt64(value, 0, flushed);
    this.keep(observedKey, value);
  }

  protected override byteKey(row: CachedRow<K, History<V>>): Uint8Array {
    return byteKeyOf(this.keyBytes(row));
  }

  protected override attach(row: CachedRow<K, History<V>>): void {
    this.#rows.set(this.identity(row.key), row);
  }

  protected override detach(row: CachedRow<K, History<V>>): void {
    this.#rows.delete(this.identity(row.key));
  }

  protected override attached(row: CachedRow<K, History<V>>): CachedRow<K, History<V>> | undefined {
    return this.#rows.get(this.identity(row.key));
  }

  protected override changelogKey(row: CachedRow<K, History<V>>): Uint8Array {
    return this.keyBytes(row);
  }

  protected override changelogValue(): Uint8Array | null {
    const value = this.#putting?.value;
    return value === undefined ? null : this.#value.serialize(value);
  }

  protected override restoreRow(records: ChangelogRecords): void {
    const { buffer, keyStart, keyEnd, valueStart, valueEnd, timestamp } = records;
    if (timestamp < this.#observed.now - this.#retention) return;
    this.#observed.now = Math.max(this.#observed.now, timestamp);
    this.#observed.restored();
    const key = this.keySerde.deserialize(buffer, keyStart, keyEnd);
    const value = valueStart < 0 ? undefined : this.#value.deserialize(buffer, valueStart, valueEnd);
    let row = this.#row(key);
    if (row === undefined) {
      row = new CachedRow<K, History<V>>(key, 0, 0, undefined, timestamp);
      this.enter(row);
    }
    const history = this.#current(withVersion(row.value ?? [], { timestamp, value }));
    this.#replace(row, history);
    row.timestamp = timestamp;
    this.#willEnd(key, history, placeOf(history, timestamp));
  }

  /** Another history of a row that says the same. */
  #replace(row: CachedRow<K, History<V>>, history: History<V>): void {
    row.value = history;
    if (this.bytes === undefined) {
      if (history.length === 0) this.detach(row);
      return;
    }
    this.#touched.add(row);
  }

  /** The put may have ended the version before it, or be one that has its end already. */
  #willEnd(key: K, history: History<V>, at: number): void {
    const version = history[at];
    if (version === undefined) return;
    if (at > 0) this.#ended.add({ key, at: version.timestamp });
    const end = endOf(history, at);
    if (end !== Number.POSITIVE_INFINITY) this.#ended.add({ key, at: end });
    else if (version.value === undefined) this.#ended.add({ key, at: version.timestamp + 1 });
  }

  /** Drops what nobody can read any more, as of the last commit: a revert must find the rest. */
  #forgetEnded(): void {
    const oldest = this.#observed.committed - this.#retention;
    if (oldest < this.#nextLook) return;
    const ended = this.#ended.take(oldest, keysPerLook);
    for (const { key } of ended) {
      const row = this.#row(key);
      if (row?.value === undefined) continue;
      const current = this.#current(row.value);
      if (current !== row.value) this.#replace(row, current);
    }
    if (ended.length < keysPerLook) this.#nextLook = oldest + this.#retention / looksPerRetention;
  }

  #current(history: History<V>): History<V> {
    return currentOf(history, this.#observed.committed - this.#retention);
  }
}

const byteKeyOf = (key: Uint8Array): Uint8Array => Buffer.concat([rowMark, key]);
