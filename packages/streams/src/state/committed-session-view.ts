import type { ReadOnlySessionStore, SessionValue } from "./session-store.ts";

/** The rows of a store at its last commit. */
interface CommittedRows<K, V> {
  /** Sessions of a key that end at or after `earliestEnd`, by end, then by start. */
  ofKey(key: K, earliestEnd: number, reverse: boolean): Iterable<SessionValue<K, V>>;
  /** Sessions with ends in `[from, to]`, by end, then by start, then by the bytes of the key. */
  ending(from: number, to: number): Iterable<SessionValue<K, V>>;
  approximateEntries(): number;
}

/** A session store as of its last commit. */
export class CommittedSessionView<K, V> implements ReadOnlySessionStore<K, V> {
  readonly #rows: CommittedRows<K, V>;

  constructor(rows: CommittedRows<K, V>) {
    this.#rows = rows;
  }

  fetchSession(key: K, start: number, end: number): V | undefined {
    for (const session of this.#rows.ofKey(key, end, false)) {
      if (session.end > end) return undefined;
      if (session.start === start) return session.value;
    }
    return undefined;
  }

  fetch(key: K): Iterable<SessionValue<K, V>> {
    return this.#rows.ofKey(key, 0, false);
  }

  backwardFetch(key: K): Iterable<SessionValue<K, V>> {
    return this.#rows.ofKey(key, 0, true);
  }

  *findSessions(key: K, earliestEnd: number, latestStart: number): Iterable<SessionValue<K, V>> {
    for (const session of this.#rows.ofKey(key, earliestEnd, false))
      if (session.start <= latestStart) yield session;
  }

  *backwardFindSessions(key: K, earliestEnd: number, latestStart: number): Iterable<SessionValue<K, V>> {
    for (const session of this.#rows.ofKey(key, earliestEnd, true))
      if (session.start <= latestStart) yield session;
  }

  fetchAll(from: number, to: number): Iterable<SessionValue<K, V>> {
    return this.#rows.ending(from, to);
  }

  approximateEntries(): number {
    return this.#rows.approximateEntries();
  }
}
