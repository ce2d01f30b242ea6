import type { TableRow } from "../table-row.ts";
import type { Row, RowSource } from "./row.ts";

/** One session of one key. */
export interface SessionValue<K, V> {
  readonly key: K;
  /** Time of its first and of its last record, ms since the epoch, both inclusive. */
  readonly start: number;
  readonly end: number;
  readonly value: V;
  readonly timestamp: number;
}

/** A session as operators see it. */
export interface SessionRow<K, V> extends Row<K, V> {
  /** ms, inclusive. */
  readonly end: number;
}

/**
 * What a processor reads (Kafka Streams' `ReadOnlySessionStore`). Expired sessions are not seen. Times in ms. The store may be
 * written while it is read: a read comes to the sessions that were there when it was asked for and still are when their turn
 * comes, each with its value of then, and to no others.
 */
export interface ReadOnlySessionStore<K, V> {
  fetchSession(key: K, start: number, end: number): V | undefined;
  /** All sessions of a key, ordered by end, then by start. */
  fetch(key: K): Iterable<SessionValue<K, V>>;
  /** The same, backwards. */
  backwardFetch(key: K): Iterable<SessionValue<K, V>>;
  /** Sessions of a key that end at or after `earliestEnd` and start at or before `latestStart`, by end, then by start. */
  findSessions(key: K, earliestEnd: number, latestStart: number): Iterable<SessionValue<K, V>>;
  /** The same, backwards. */
  backwardFindSessions(key: K, earliestEnd: number, latestStart: number): Iterable<SessionValue<K, V>>;
  /** Sessions of all keys with ends in `[from, to]`, ordered by end, then by start, then by the bytes of the key. */
  fetchAll(from: number, to: number): Iterable<SessionValue<K, V>>;
  approximateEntries(): number;
}

/**
 * A store by key and session (Kafka Streams' `SessionStore`). A session expires, and is no longer seen, when its end is at
 * or before the greatest end ever written minus the retention. What a serde refuses goes to the production handler.
 */
export interface SessionStore<K, V> extends ReadOnlySessionStore<K, V>, RowSource<K, V, SessionRow<K, V>> {
  /** False, and nothing is kept, when the session has expired. */
  put(key: K, start: number, end: number, value: V, timestamp: number): boolean;
  /** The same; undefined says that the session came and went. */
  insert(key: K, start: number, end: number, value: V | undefined, timestamp: number): boolean;
  /** Deletes a session (`SessionStore.remove`). */
  delete(key: K, start: number, end: number, timestamp: number): void;

  /** The row of a session, also one deleted since the last flush (its value is undefined then). */
  row(key: K, start: number, end: number): SessionRow<K, V> | undefined;
  /** The row as it was flushed last, which is what is known of it downstream: for joins of tables. */
  told(key: K, start: number, end: number): TableRow<V> | undefined;
  /** Rows as `findSessions` orders them: those that a record may join. They stay as they are while others change. */
  rows(key: K, earliestEnd: number, latestStart: number): readonly SessionRow<K, V>[];
  /** Sets a row that `rows` has just answered; undefined deletes it. */
  update(row: SessionRow<K, V>, value: V | undefined, timestamp: number): void;
  /** Rows of all keys with ends in `[from, to]`, as `fetchAll` orders them. */
  rowsEnding(from: number, to: number): Iterable<SessionRow<K, V>>;
  /** The smallest end at or after `from` of a session that is there. */
  firstEnd(from: number): number | undefined;
  /**
   * The store as of the last commit that is durable: what interactive queries read, and a crash can't take back. It
   * follows the store: each read shows what is committed then.
   */
  committedView(): ReadOnlySessionStore<K, V>;
}
