import type { Serde } from "../serde.ts";
import { CachedRow } from "./cached-row.ts";
import { CachedStore } from "./cached-store.ts";
import { keyIdentity } from "./key-identity.ts";
import { ObservedTime } from "./observed-time.ts";
import type { ChangelogRecords } from "./state-store.ts";
import type { VersionedStoreDefinition } from "./store-definition.ts";
import type { StoreHooks } from "./store-hooks.ts";
import type { VersionedPut, VersionedRecord, VersionedStore } from "./versioned-store.ts";

interface Version<V> {
  readonly timestamp: number;
  /** Undefined is a deletion. */
  readonly value: V | undefined;
}

/** What nobody can read any more is looked for this often. */
const looksPerRetention = 16;

/** The versions of one key, ascending. Never changed: a new one replaces it, so that it can be undone. */
type History<V> = readonly Version<V>[];

/** A versioned store in a Map, one row per key, whose value is the key's history. */
export class CachedVersionedStore<K, V> extends CachedStore<K, History<V>> implements VersionedStore<K, V> {
  readonly #retention: number;
  readonly #value: Serde<V>;
  readonly #identity: (key: K) => unknown;
  readonly #rows = new Map<unknown, CachedRow<K, History<V>>>();
  readonly #observed = new ObservedTime();
  /** The version that is being put. */
  #putting: Version<V> | undefined;
  /** Rows that have versions which ended, by the ends, unordered: looked at when the committed time passes them. */
  #nextLook = 0;
  #ended: { readonly row: CachedRow<K, History<V>>; readonly at: number }[] = [];

  constructor(definition: VersionedStoreDefinition<K, V>, hooks: StoreHooks) {
    const { name, key } = definition;
    super({ name, key, value: historyOnly(definition.value) }, { ...hooks, writeThrough: true });
    this.#retention = definition.historyRetention;
    this.#value = definition.value;
    this.#identity = keyIdentity(key);
  }

  get(key: K, asOf: number = Number.POSITIVE_INFINITY): VersionedRecord<V> | undefined {
    const history = this.#rows.get(this.#identity(key))?.value;
    const latest = history?.at(-1);
    if (history === undefined || latest === undefined) return undefined;
    if (latest.timestamp <= asOf) return record(latest, Number.POSITIVE_INFINITY);
    if (asOf < this.#observed.now - this.#retention) return undefined;
    const at = placeOf(history, asOf);
    const version = history[at];
    return version === undefined ? undefined : record(version, endOf(history, at));
  }

  *fetch(key: K, from: number, to: number): Iterable<VersionedRecord<V>> {
    const history = this.#rows.get(this.#identity(key))?.value ?? [];
    for (let at = 0; at < history.length; at++) yield* this.#valid(history, at, from, to);
  }

  *backwardFetch(key: K, from: number, to: number): Iterable<VersionedRecord<V>> {
    const history = this.#rows.get(this.#identity(key))?.value ?? [];
    for (let at = history.length - 1; at >= 0; at--) yield* this.#valid(history, at, from, to);
  }

  put(key: K, value: V | null, timestamp: number): VersionedPut | undefined {
    if (timestamp < this.#observed.now - this.#retention) return undefined;
    if (value === undefined) {
      this.refuseUndefined(key, timestamp);
      return undefined;
    }
    this.#observed.now = Math.max(this.#observed.now, timestamp);
    const version: Version<V> = { timestamp, value: value ?? undefined };
    const id = this.#identity(key);
    const row = this.#rows.get(id);
    const history = withVersion(row?.value ?? [], version);
    this.#putting = version;
    if (row === undefined) this.create(key, 0, 0, history, timestamp);
    else this.change(row, history, timestamp);
    this.#putting = undefined;
    this.#observed.flush();
    const at = placeOf(history, timestamp);
    const kept = this.#rows.get(id);
    if (kept !== undefined) this.#willEnd(kept, history, at);
    return { validTo: endOf(history, at) };
  }

  delete(key: K, timestamp: number): VersionedRecord<V> | undefined {
    const before = this.get(key, timestamp);
    this.put(key, null, timestamp);
    return before;
  }

  approximateEntries(): number {
    return this.#rows.size;
  }

  override flush(): boolean {
    const more = super.flush();
    this.#observed.flush();
    return more;
  }

  override seal(epoch: number): void {
    super.seal(epoch);
    this.#observed.seal();
  }

  override committed(epoch: number, position: number | undefined): void {
    super.committed(epoch, position);
    this.#observed.commit();
    this.#forgetEnded();
  }

  override revert(): void {
    super.revert();
    this.#observed.revert();
  }

  protected override attach(row: CachedRow<K, History<V>>): void {
    this.#rows.set(this.#identity(row.key), row);
  }

  protected override detach(row: CachedRow<K, History<V>>): void {
    this.#rows.delete(this.#identity(row.key));
  }

  protected override attached(row: CachedRow<K, History<V>>): CachedRow<K, History<V>> | undefined {
    return this.#rows.get(this.#identity(row.key));
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
    const id = this.#identity(key);
    let row = this.#rows.get(id);
    if (row === undefined)
      this.#rows.set(id, (row = new CachedRow<K, History<V>>(key, 0, 0, undefined, timestamp)));
    const history = this.#current(withVersion(row.value ?? [], { timestamp, value }));
    row.value = history;
    row.timestamp = timestamp;
    if (history.length === 0) this.detach(row);
    this.#willEnd(row, history, placeOf(history, timestamp));
  }

  *#valid(history: History<V>, at: number, from: number, to: number): Iterable<VersionedRecord<V>> {
    const version = history[at] as Version<V>;
    const end = endOf(history, at);
    // What ended before the history that is kept can't be read; what is the latest always can.
    const since = Math.max(from, this.#observed.now - this.#retention);
    const shown = record(version, end);
    if (shown !== undefined && version.timestamp <= to && end > since) yield shown;
  }

  /** The put may have ended the version before it, or be one that has its end already. */
  #willEnd(row: CachedRow<K, History<V>>, history: History<V>, at: number): void {
    const version = history[at];
    if (version === undefined) return;
    if (at > 0) this.#ended.push({ row, at: version.timestamp });
    const end = endOf(history, at);
    if (end !== Number.POSITIVE_INFINITY) this.#ended.push({ row, at: end });
    else if (version.value === undefined) this.#ended.push({ row, at: version.timestamp + 1 });
  }

  /** Drops what nobody can read any more, as of the last commit: a revert must find the rest. */
  #forgetEnded(): void {
    const oldest = this.#observed.committed - this.#retention;
    if (oldest < this.#nextLook) return;
    this.#nextLook = oldest + this.#retention / looksPerRetention;
    this.#ended = this.#ended.filter(({ row, at }) => {
      if (at > oldest) return true;
      const current = this.#current(row.value ?? []);
      row.value = current;
      if (current.length === 0 && this.#rows.get(this.#identity(row.key)) === row) this.detach(row);
      return false;
    });
  }

  #current(history: History<V>): History<V> {
    const oldest = this.#observed.committed - this.#retention;
    let first = 0;
    while (first < history.length - 1 && (history[first + 1] as Version<V>).timestamp <= oldest) first++;
    const only = first === history.length - 1 ? history[first] : undefined;
    if (only !== undefined && only.value === undefined && only.timestamp < oldest) return [];
    return first === 0 ? history : history.slice(first);
  }
}

const record = <V>({ timestamp, value }: Version<V>, validTo: number): VersionedRecord<V> | undefined =>
  value === undefined ? undefined : { value, timestamp, validTo };

/** Index of the version that is valid at a time; -1 when there is none. */
const placeOf = <V>(history: History<V>, time: number): number => {
  let at = history.length - 1;
  while (at >= 0 && (history[at] as Version<V>).timestamp > time) at--;
  return at;
};

const endOf = <V>(history: History<V>, at: number): number =>
  history[at + 1]?.timestamp ?? Number.POSITIVE_INFINITY;

const withVersion = <V>(history: History<V>, version: Version<V>): History<V> => {
  const at = placeOf(history, version.timestamp);
  const same = history[at]?.timestamp === version.timestamp;
  return [...history.slice(0, same ? at : at + 1), version, ...history.slice(at + 1)];
};

/** A history is never written as a whole: its versions are, one by one. */
const historyOnly = <V>({ name }: Serde<V>): Serde<History<V>> => {
  const never = (): never => {
    throw new TypeError(`a history of ${name} is written version by version`);
  };
  return { name: `history of ${name}`, serialize: never, deserialize: never };
};
