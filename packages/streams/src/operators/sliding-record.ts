import type { WindowedValue, WindowStore } from "../state/window-store.ts";
import { aggregateOf, type Step } from "./aggregation.ts";
import type { WindowCloses } from "./window-closes.ts";
import type { WindowUpdates } from "./window-updates.ts";

interface Sliding<K, A> {
  readonly store: WindowStore<K, A>;
  readonly closes: WindowCloses<K, A> | undefined;
  readonly updates: WindowUpdates<K, A>;
  readonly step: Step<K, unknown, A>;
}

interface KeyedRecord<K> {
  readonly key: K;
  readonly value: unknown;
  readonly timestamp: number;
}

/**
 * What one record does to the sliding windows of its key (Kafka Streams' `KStreamSlidingWindowAggregate`): it is added to
 * those that hold its time, and three may be new: the one that ends with it (its left window), the one that
 * starts 1 ms after it (its right window, where later records are), and the right window of the record before it. As on
 * the JVM windows are told from the latest to the earliest, and one of them may be told twice.
 */
export class SlidingRecord<K, A> {
  /** Windows that held its time and were closed. */
  late = 0;
  readonly #sliding: Sliding<K, A>;
  readonly #record: KeyedRecord<K>;
  readonly #difference: number;
  readonly #closeTime: number;
  readonly #starts = new Set<number>();
  /** A window that began at or before the record and ended after it: it holds what is in the record's right window. */
  #right: WindowedValue<K, A> | undefined;
  /** Time of the record before it; undefined where there is none near. */
  #previous: number | undefined;

  constructor(sliding: Sliding<K, A>, record: KeyedRecord<K>, difference: number, closeTime: number) {
    this.#sliding = sliding;
    this.#record = record;
    this.#difference = difference;
    this.#closeTime = closeTime;
  }

  plan(): void {
    if (this.#record.timestamp < this.#difference) this.#early();
    else this.#usual();
  }

  #usual(): void {
    const { timestamp } = this.#record;
    let left: WindowedValue<K, A> | undefined;
    let hasLeft = false;
    for (const row of this.#latestFirst()) {
      const end = row.start + this.#difference;
      this.#starts.add(row.start);
      if (row.start === timestamp + 1) continue;
      if (end > timestamp) {
        this.#right ??= row;
        this.#update(row);
      } else if (end === timestamp) {
        hasLeft = true;
        this.#update(row);
        // What it did with the windows before was done with the record of the same time.
        if (row.timestamp >= timestamp) return;
        this.#previous = row.timestamp;
      } else {
        left = row;
        this.#previous = row.timestamp;
        break;
      }
    }
    const previous = this.#previous;
    if (previous !== undefined && previous + 1 + this.#difference >= timestamp) this.#openPreviousRight();
    if (!hasLeft) {
      const start = timestamp - this.#difference;
      const current = previous !== undefined && start <= previous ? left?.value : undefined;
      this.#add(start, current, timestamp);
    }
    this.#openRight();
  }

  /** Within `difference` of the epoch there is one window from 0 on, instead of left windows that start before it. */
  #early(): void {
    const { timestamp } = this.#record;
    let combined: WindowedValue<K, A> | undefined;
    for (const row of this.#earliestFirst()) {
      this.#starts.add(row.start);
      if (row.start === 0) {
        combined = row;
        if (row.timestamp < timestamp) this.#previous = row.timestamp;
      } else if (row.start <= timestamp) {
        this.#right = row;
        this.#update(row);
      }
    }
    if (this.#right === undefined && combined !== undefined && combined.timestamp > timestamp)
      this.#right = combined;
    this.#openRight();
    this.#openPreviousRight();
    if (combined === undefined) this.#add(0, undefined, timestamp);
    else this.#update(combined);
  }

  #latestFirst(): Iterable<WindowedValue<K, A>> {
    const { timestamp, key } = this.#record;
    const from = Math.max(0, timestamp - 2 * this.#difference);
    return this.#sliding.store.backwardFetch(key, from, timestamp + 1);
  }

  #earliestFirst(): Iterable<WindowedValue<K, A>> {
    const { timestamp, key } = this.#record;
    return this.#sliding.store.fetch(key, 0, timestamp + 1);
  }

  #openPreviousRight(): void {
    if (this.#previous === undefined || this.#starts.has(this.#previous + 1)) return;
    this.#add(this.#previous + 1, undefined, this.#record.timestamp);
  }

  #openRight(): void {
    const start = this.#record.timestamp + 1;
    const right = this.#right;
    if (right === undefined || this.#starts.has(start) || right.timestamp < start) return;
    this.#sliding.updates.add(undefined, start, right.value, right.timestamp);
  }

  #update({ start, value, timestamp }: WindowedValue<K, A>): void {
    this.#add(start, value, timestamp);
  }

  /** Adds the record to what is in a window. */
  #add(start: number, current: A | undefined, before: number): void {
    const { key, value, timestamp } = this.#record;
    const { closes, updates, step } = this.#sliding;
    if (start + this.#difference < this.#closeTime || closes?.isClosedEarly(key, start) === true) {
      this.late++;
      return;
    }
    const next = aggregateOf(step(current, value, key));
    updates.add(undefined, start, next, current === undefined ? timestamp : Math.max(timestamp, before));
  }
}
