import type { TableRow } from "../table-row.ts";
import { CachedRow } from "./cached-row.ts";
import { CommittedSessionView } from "./committed-session-view.ts";
import { readInt64 } from "./int64.ts";
import type { RowPlace } from "./keyed-row-bytes.ts";
import { type ChangelogPlace, KeyedRowsStore } from "./keyed-rows-store.ts";
import { sessionStoreKey, sessionStoreKeyOverhead } from "./session-key.ts";
import type { ReadOnlySessionStore, SessionRow, SessionStore, SessionValue } from "./session-store.ts";
import type { ChangelogRecords } from "./state-store.ts";

/** Sessions by key, and all of them by their ends: these expire first, and close first. */
export class CachedSessionStore<K, V> extends KeyedRowsStore<K, V> implements SessionStore<K, V> {
  fetchSession(key: K, start: number, end: number): V | undefined {
    return this.row(key, start, end)?.value;
  }

  fetch(key: K): Iterable<SessionValue<K, V>> {
    return this.readKey(key, 0, false, sessionOf);
  }

  backwardFetch(key: K): Iterable<SessionValue<K, V>> {
    return this.readKey(key, 0, true, sessionOf);
  }

  findSessions(key: K, earliestEnd: number, latestStart: number): Iterable<SessionValue<K, V>> {
    return this.#find(key, earliestEnd, latestStart, false);
  }

  backwardFindSessions(key: K, earliestEnd: number, latestStart: number): Iterable<SessionValue<K, V>> {
    return this.#find(key, earliestEnd, latestStart, true);
  }

  #find(key: K, earliestEnd: number, latestStart: number, reverse: boolean): Iterable<SessionValue<K, V>> {
    return this.readKey(key, earliestEnd, reverse, (row) =>
      row.start > latestStart ? undefined : sessionOf(row),
    );
  }

  fetchAll(from: number, to: number): Iterable<SessionValue<K, V>> {
    return this.readBetween(from, to, sessionOf);
  }

  committedView(): ReadOnlySessionStore<K, V> {
    return new CommittedSessionView({
      ofKey: (key, earliestEnd, reverse) => shown(this.committedOfKey(key, earliestEnd, latest, reverse)),
      ending: (from, to) => shown(this.committedBetween(from, to)),
      approximateEntries: () => this.approximateEntries(),
    });
  }

  put(key: K, start: number, end: number, value: V, timestamp: number): boolean {
    if (value === undefined) {
      this.refuseUndefined(key, timestamp);
      return true;
    }
    return this.insert(key, start, end, value, timestamp);
  }

  insert(key: K, start: number, end: number, value: V | undefined, timestamp: number): boolean {
    if (!this.observe(end)) {
      if (this.writesAll) this.writeUnkept(this.newRow(key, { time: end, rank: start }, value, timestamp));
      return false;
    }
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
    for (const row of this.rowsOfKey(key, earliestEnd, latest, false))
      if (row.start <= latestStart && row.value !== undefined) found.push(row);
    return found;
  }

  update(row: SessionRow<K, V>, value: V | undefined, timestamp: number): void {
    this.change(row as CachedRow<K, V>, value, timestamp);
  }

  rowsEnding(from: number, to: number): Iterable<CachedRow<K, V>> {
    return this.rowsBetween(from, to);
  }

  firstEnd(from: number): number | undefined {
    for (const { end, value } of this.rowsEnding(from, latest)) if (value !== undefined) return end;
    return undefined;
  }

  row(key: K, start: number, end: number): CachedRow<K, V> | undefined {
    return this.rowAt(key, { time: end, rank: start });
  }

  told(key: K, start: number, end: number): TableRow<V> | undefined {
    return this.toldOf(this.row(key, start, end));
  }

  protected override rowTime({ end }: CachedRow<K, V>): number {
    return end;
  }

  protected override rankOf({ start }: CachedRow<K, V>): number {
    return start;
  }

  protected override newRow(
    key: K,
    { time, rank }: RowPlace,
    value: V | undefined,
    timestamp: number,
  ): CachedRow<K, V> {
    return new CachedRow<K, V>(key, rank, time, value, timestamp);
  }

  protected override changelogKey(row: CachedRow<K, V>): Uint8Array {
    return sessionStoreKey(this.keyBytes(row), row.start, row.end);
  }

  protected override readChangelogKey({ buffer, keyEnd }: ChangelogRecords): ChangelogPlace {
    const split = keyEnd - sessionStoreKeyOverhead;
    return { keyEnd: split, time: readInt64(buffer, split), rank: readInt64(buffer, split + 8) };
  }
}

/** After every time that there is. */
const latest = Number.POSITIVE_INFINITY;

type SessionFields<K, V> = Pick<CachedRow<K, V>, "key" | "start" | "end" | "value" | "timestamp">;

const sessionOf = <K, V>({
  key,
  start,
  end,
  value,
  timestamp,
}: SessionFields<K, V>): SessionValue<K, V> | undefined =>
  value === undefined ? undefined : { key, start, end, value, timestamp };

function* shown<K, V>(rows: Iterable<SessionFields<K, V>>): Iterable<SessionValue<K, V>> {
  for (const row of rows) {
    const session = sessionOf(row);
    if (session !== undefined) yield session;
  }
}
