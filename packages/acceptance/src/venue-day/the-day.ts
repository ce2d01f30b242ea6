export const hour = 3_600_000;
export const day = 24 * hour;

/** Thursday. Four weeks before, the clocks of the time zone below still show summer time. */
export const dayStart: number = Date.UTC(2025, 10, 20);

/** A local day that is not the UTC day. */
export const timeZone = "Europe/Berlin";

export const graceMs = 300_000;

/** Of sub-locations that are not in `sublocations`. */
export const defaultCapacity = 80;
