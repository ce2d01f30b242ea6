import type { RecordPosition } from "../../topic.ts";

/** Between two tries of a record: this, doubled with each, up to the longest. ms. */
const firstPauseMs = 100;
const longestPauseMs = 10_000;

/** Where something failed: a record, or none, as in a flush. */
type Place = RecordPosition | undefined;

const nameOf = (place: Place): string =>
  place === undefined ? "" : `${place.topic} ${place.partition} ${place.offset}`;

/**
 * How often a task has tried what it can't get past: it survives the undoing of all else. Several records may be in the way of
 * one commit, and what was decided of the first has to be known when the second has brought it back.
 */
export class Attempts {
  readonly #tried = new Map<string, { readonly place: Place; count: number }>();

  of(place: Place): number {
    return this.#tried.get(nameOf(place))?.count ?? 0;
  }

  /** One more; answers how long to wait before the next, ms. */
  add(place: Place): number {
    const count = this.of(place) + 1;
    this.#tried.set(nameOf(place), { place, count });
    return Math.min(longestPauseMs, firstPauseMs * 2 ** Math.min(count - 1, 16));
  }

  /** A commit is durable, with all flushes before it and the records of which `holds` says so: they will not come again. */
  committed(holds: (position: RecordPosition) => boolean): void {
    for (const [name, { place }] of this.#tried)
      if (place === undefined || holds(place)) this.#tried.delete(name);
  }
}
