import type { Log, Windowed } from "@millrace/streams";
import type { DemandCounters } from "./counters.ts";
import type { Tally } from "./tally.ts";

/** What is known of a sub-location. */
export interface SubLocation {
  /** 0 or less: unknown, whatever the default. */
  readonly capacity: number;
  readonly locationId: string | null;
}

/**
 * Looks a sub-location up; undefined where there is none. A rejection is no answer: it is asked again until there
 * is one.
 */
export type CapacityLookup = (
  subLocationId: string,
) => Promise<SubLocation | undefined> | SubLocation | undefined;

/** A tally with the capacity that it is measured against; 0 if unknown. */
export interface MeasuredTally extends Tally {
  readonly capacity: number;
  readonly locationId: string | null;
}

export interface CapacityOptions {
  readonly lookup?: CapacityLookup | undefined;
  /** Where the lookup knows nothing of a sub-location. */
  readonly defaultCapacity?: number | undefined;
  readonly counters: DemandCounters;
  readonly log: Log;
}

const firstWaitMs = 200;
const longestWaitMs = 5_000;

/** Adds the capacity to a tally. */
export const withCapacity = ({
  lookup,
  defaultCapacity,
  counters,
  log,
}: CapacityOptions): ((tally: Tally, window: Windowed<string>) => Promise<MeasuredTally> | MeasuredTally) => {
  const warned = new Set<string>();
  const measured = (tally: Tally, subLocationId: string, found: SubLocation | undefined): MeasuredTally => {
    const capacity = found === undefined ? (defaultCapacity ?? 0) : Math.max(0, found.capacity);
    if (capacity === 0) {
      counters.unknownCapacity++;
      if (!warned.has(subLocationId))
        log(
          "warn",
          `the capacity of sub-location "${subLocationId}" is unknown: its demand is emitted without pressure`,
          {
            subLocationId,
          },
        );
      warned.add(subLocationId);
    }
    return { ...tally, capacity, locationId: found?.locationId ?? null };
  };
  const askedAgain = async (ask: CapacityLookup, subLocationId: string): Promise<SubLocation | undefined> => {
    for (let waitMs = firstWaitMs; ; waitMs = Math.min(2 * waitMs, longestWaitMs))
      try {
        return await ask(subLocationId);
      } catch (error) {
        log("warn", `looking up sub-location "${subLocationId}" failed, trying again: ${String(error)}`, {
          waitMs,
        });
        await new Promise((resolve) => setTimeout(resolve, waitMs));
      }
  };
  return (tally, { key }) => {
    if (lookup === undefined) return measured(tally, key, undefined);
    const found = lookup(key);
    if (!(found instanceof Promise)) return measured(tally, key, found);
    return found.catch(() => askedAgain(lookup, key)).then((answer) => measured(tally, key, answer));
  };
};
