import type { TableRow } from "../table-view.ts";
import { CachedRow } from "./cached-row.ts";
import { ExpiringStore } from "./expiring-store.ts";
import { readInt64 } from "./int64.ts";
import { keyIdentity } from "./key-identity.ts";
import { RowsByKey } from "./rows-by-key.ts";
import { sessionStoreKey, sessionStoreKeyOverhead } from "./session-key.ts";
import type { SessionRow, SessionStore, SessionValue } from "./session-store.ts";
import { SortedList } from "./sorted-list.ts";
import type { ChangelogRecords } from "./state-store.ts";
import type { SessionStoreDefinition } from "./store-definition.ts";
import type { StoreHooks } from "./store-hooks.ts";

/** Sessions by key, and all of them by their ends: these expire first, and close first. */
export class CachedSessionStore<K, V>
  extends ExpiringStore<K, V, CachedRow<K, V>>
  implements SessionStore<K, V>
{
  readonly #identity: (key: K) => unknown;
  readonly #byKey = new RowsByKey<K, V>((a, b) => a.end - b.end || a.start - b.start);
  readonly #byEnd: SortedList<CachedRow<K, V>>;

  constructor(definition: SessionStoreDefinition<K, V>, hooks: StoreHooks) {
    super(definition, hooks);
    this.#identity = keyIdentity(definition.key);
    this.#byEnd = new SortedList((a, b) => {
      if (a === b) return 0;
      const order = a.end - b.end || a.start - b.start;
      if (order !== 0) return order;
      const left = this.orderOf(a);
      const right = this.orderOf(b);
      return left < right ? -1 : left > right ? 1 : 0;
    });
  }

  fetchSession(key: K, start: number, end: number): V | undefined {
    return this.row(key, start, end)?.value;
  }

  fetch(key: K): Iterable<SessionValue<K, V>> {
    return shown(this.#byKey.ascending(this.#identity(key)));
  }

  backwardFetch(key: K): Iterable<SessionValue<K, V>> {
    return shown(this.#byKey.descending(this.#identity(key)));
  }

  findSessions(key: K, earliestEnd: number, latestStart: number): Iterable<SessionValue<K, V>> {
    const rows = this.#byKey.ascending(this.#identity(key), ({ end }) => end - earliestEnd);
    return shown(rows, latestStart);
  }

  backwardFindSessions(key: K, earliestEnd: number, latestStart: number): Iterable<SessionValue<K, V>> {
    const rows = this.#byKey.descending(this.#identity(key), ({ end }) => end - earliestEnd);
    return shown(rows, latestStart);
  }

  fetchAll(from: number, to: number): Iterable<SessionValue<K, V>> {
    return shown(this.rowsEnding(from, to));
  }

  put(key: K, start: number, end: number, value: V, timestamp: number): boolean {
    if (value === undefined) {
      this.refuseUndefined(key, timestamp);
      return true;
    }
    return this.insert(key, start, end, value, timestamp);
  }

  insert(key: K, start: number, end: number, value: V | undefined, timestamp: number): boolean {
    if (!this.observe(end)) return false;
    const row = this.row(key, start, end);
    if (row === undefined) this.create(key, start, end, value, timestamp);
    else this.change(row, value, timestamp);
    return true;
  }

  delete(key: K, start: number, end: number, timestamp: number): void {
    const row = this.row(key, start, end);
    if (row !== undefined) this.change(row, undefined, timestamp);
  }

  rows(key: K, earliestEnd: number, latestStart: number): readonly SessionRow<K, V>[] {
    const found: CachedRow<K, V>[] = [];
    for (const row of this.#byKey.ascending(this.#identity(key), ({ end }) => end - earliestEnd))
      if (row.start <= latestStart && row.value !== undefined) found.push(row);
    return found;
  }

  update(row: SessionRow<K, V>, value: V | undefined, timestamp: number): void {
    this.change(row as CachedRow<K, V>, value, timestamp);
  }

  rowsEnding(from: number, to: number): Iterable<CachedRow<K, V>> {
    return this.#byEnd.ascending(
      ({ end }) => end - from,
      ({ end }) => end - to,
    );
  }

  firstEnd(from: number): number | undefined {
    for (const { end, value } of this.#byEnd.ascending((row) => row.end - from))
      if (value !== undefined) return end;
    return undefined;
  }

  approximateEntries(): number {
    return this.#byKey.size;
  }

  row(key: K, start: number, end: number): CachedRow<K, V> | undefined {
    const place = (row: CachedRow<K, V>): number => row.end - end || row.start - start;
    for (const row of this.#byKey.ascending(this.#identity(key), place, place)) return row;
    return undefined;
  }

  told(key: K, start: number, end: number): TableRow<V> | undefined {
    return this.toldOf(this.row(key, start, end));
  }

  protected override attach(row: CachedRow<K, V>): void {
    this.#byKey.add(this.#identity(row.key), row);
    this.#byEnd.add(row);
  }

  protected override detach(row: CachedRow<K, V>): void {
    this.#byKey.delete(this.#identity(row.key), row);
    this.#byEnd.delete(row);
  }

  protected override attached(row: CachedRow<K, V>): CachedRow<K, V> | undefined {
    return this.row(row.key, row.start, row.end);
  }

  protected override changelogKey(row: CachedRow<K, V>): Uint8Array {
    return sessionStoreKey(this.keyBytes(row), row.start, row.end);
  }

  protected override isExpiredRow(row: CachedRow<K, V>): boolean {
    return this.hooks.expireInChangelog && this.isExpired(row.end);
  }

  protected override expire(oldest: number): void {
    for (let row = this.#byEnd.first; row !== undefined && row.end <= oldest; row = this.#byEnd.first) {
      this.#byEnd.shift();
      this.#byKey.delete(this.#identity(row.key), row);
      this.leave(row);
    }
  }

  protected override bringBack(row: CachedRow<K, V>): void {
    this.attach(row);
  }

  protected override timeOf(row: CachedRow<K, V>): number {
    return row.end;
  }

  protected override rowsOf(row: CachedRow<K, V>): Iterable<CachedRow<K, V>> {
    return [row];
  }

  protected override sizeOf(): number {
    return 1;
  }

  protected override restoreRow(records: ChangelogRecords): void {
    const { buffer, keyStart, keyEnd, valueStart, valueEnd, timestamp } = records;
    const split = keyEnd - sessionStoreKeyOverhead;
    const key = this.keySerde.deserialize(buffer, keyStart, split);
    const end = readInt64(buffer, split);
    const start = readInt64(buffer, split + 8);
    const live = this.observeCommitted(end);
    const row = new CachedRow<K, V>(key, start, end, undefined, timestamp);
    const id = live ? undefined : `${start} ${end} ${this.orderOf(row)}`;
    const known = live ? this.row(key, start, end) : this.leaving(id);
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
}

function* shown<K, V>(
  rows: Iterable<CachedRow<K, V>>,
  latestStart = Number.POSITIVE_INFINITY,
): Iterable<SessionValue<K, V>> {
  for (const { key, start, end, value, timestamp } of rows)
    if (value !== undefined && start <= latestStart) yield { key, start, end, value, timestamp };
}
