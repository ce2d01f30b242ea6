import type { ReadOnlySessionStore, SessionValue } from "../../state/session-store.ts";
import { mergeSorted } from "./merge-sorted.ts";
import { QueriedPartitions } from "./queried-partitions.ts";

type Found = SessionValue<unknown, unknown>;

/** The partitions of a session store as one. */
export class QueriedSessionStore
  extends QueriedPartitions<ReadOnlySessionStore<unknown, unknown>>
  implements ReadOnlySessionStore<unknown, unknown>
{
  fetchSession(key: unknown, start: number, end: number): unknown {
    return this.scope.ofKey(key, (store) => store.fetchSession(key, start, end));
  }

  fetch(key: unknown): Iterable<Found> {
    return this.scope.listOfKey(key, (store) => store.fetch(key));
  }

  backwardFetch(key: unknown): Iterable<Found> {
    return this.scope.listOfKey(key, (store) => store.backwardFetch(key));
  }

  findSessions(key: unknown, earliestEnd: number, latestStart: number): Iterable<Found> {
    return this.scope.listOfKey(key, (store) => store.findSessions(key, earliestEnd, latestStart));
  }

  backwardFindSessions(key: unknown, earliestEnd: number, latestStart: number): Iterable<Found> {
    return this.scope.listOfKey(key, (store) => store.backwardFindSessions(key, earliestEnd, latestStart));
  }

  fetchAll(from: number, to: number): Iterable<Found> {
    return mergeSorted(
      this.scope.all().map((store) => store.fetchAll(from, to)),
      (a, b) => a.end - b.end || a.start - b.start || this.compareKeys(a.key, b.key),
    );
  }

  approximateEntries(): number {
    return this.sum((store) => store.approximateEntries());
  }
}
