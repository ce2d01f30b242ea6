import type { Environment } from "@millrace/service/settings";
import { minutes } from "@millrace/streams";

/** How many capacities are remembered, and for how long, ms. */
export interface CapacityCacheSettings {
  readonly max: number;
  readonly ttlMs: number;
}

/** The cache makes room for all at once: with many more a process ends for want of memory. */
const most = 10_000_000;

/** Reads `CAPACITY_CACHE_SIZE` and `CAPACITY_CACHE_TTL_MS`; the caller calls `environment.check()`. */
export const capacityCacheSettings = (environment: Environment): CapacityCacheSettings => ({
  max: environment.integer("CAPACITY_CACHE_SIZE", 10_000, 1, most),
  ttlMs: environment.integer("CAPACITY_CACHE_TTL_MS", minutes(1), 1),
});
