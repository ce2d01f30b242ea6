import { type Clock, systemClock } from "@millrace/streams";
import { LRUCache } from "lru-cache";
import { backOffMs, closedError, pause } from "./back-off.ts";

/** What a lookup asks, and how long it remembers. */
export interface CachedLookupOptions<K, V> {
  /** Undefined: there is none. A rejection is no answer, and is asked again. */
  readonly load: (key: K) => Promise<V | undefined>;
  /** So many answers are kept, those that were used last. */
  readonly max: number;
  /** How long an answer holds, ms. */
  readonly ttlMs: number;
  /** Told of each failure before the wait, ms, that follows it. */
  readonly onRetry?: (key: K, error: unknown, waitMs: number) => void;
  /** Ends the asking: those who wait are rejected with MONGO_CLOSED. */
  readonly signal?: AbortSignal;
  /** The system's by default. */
  readonly clock?: Clock;
}

/** An answer that is there. */
export interface Cached<V> {
  readonly value: V | undefined;
}

/** A lookup that remembers its answers. */
export interface CachedLookup<K, V> {
  /** The answer, undefined where there is none; asked for once however many want it, and until it comes. */
  get(key: K): Promise<V | undefined>;
  /** The answer if it is there and holds, without waiting. */
  peek(key: K): Cached<V> | undefined;
}

/** Keeps the answers of a slow lookup for a while, also that there is none. Failures are never kept. */
export const cachedLookup = <K extends string | number, V>({
  load,
  max,
  ttlMs,
  onRetry,
  signal,
  clock = systemClock,
}: CachedLookupOptions<K, V>): CachedLookup<K, V> => {
  const cache = new LRUCache<K, Cached<V>>({
    max,
    ttl: ttlMs,
    ttlResolution: 0,
    // It takes a time of 0 for none.
    perf: { now: () => clock.monotonic() + 1 },
  });
  const flights = new Map<K, Promise<V | undefined>>();

  const ask = async (key: K): Promise<V | undefined> => {
    for (let failures = 1; ; failures++) {
      if (signal?.aborted === true) throw closedError(signal);
      try {
        const value = await load(key);
        cache.set(key, { value });
        return value;
      } catch (error) {
        const waitMs = backOffMs(failures);
        onRetry?.(key, error, waitMs);
        await pause(waitMs, clock, signal);
      }
    }
  };

  const peek = (key: K): Cached<V> | undefined => cache.get(key);

  return {
    peek,
    get: async (key) => {
      const cached = peek(key);
      if (cached !== undefined) return cached.value;
      const flight = flights.get(key) ?? ask(key).finally(() => flights.delete(key));
      flights.set(key, flight);
      return flight;
    },
  };
};
