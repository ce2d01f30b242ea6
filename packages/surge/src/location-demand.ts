import type { DemandHourly } from "@millrace/venue";
import type { PressureMean } from "./baseline.ts";
import type { DemandSnapshot } from "./demand-snapshot.ts";
import { compareMembers, type MemberOrder, metricOrder } from "./metric-order.ts";

/** What a location's demand is made of: a sub-location's newest metric of the hour. */
export interface LocationMember extends MemberOrder {
  readonly subLocationId: string;
  /** Start of the UTC hour, ms since the epoch. */
  readonly hour: number;
  readonly bookingsCount: number;
  /** 0: unknown. */
  readonly availableCapacity: number;
}

/** A location in one hour. */
export interface LocationDemand {
  /** By subLocationId, ascending: equal locations are equal values. */
  readonly members: readonly LocationMember[];
}

/** What LOCATION configs see, but for the history of the location's own pressure. */
export type LocationSummary = Omit<DemandSnapshot, keyof PressureMean>;

/** `offset` is that of the metric's record. */
export const locationMember = (metric: DemandHourly, offset: number): LocationMember => {
  const { subLocationId, hour, bookingsCount, availableCapacity, final, timestamp } = metric;
  return { subLocationId, hour, bookingsCount, availableCapacity, final, timestamp, offset };
};

/** A location of which no member is known yet. */
export const emptyLocation = (): LocationDemand => ({ members: [] });

/** Adder of a grouped table. A metric older than what the member is known by changes nothing. */
export const addMember = (location: LocationDemand, member: LocationMember): LocationDemand => {
  const known = location.members.find(({ subLocationId }) => subLocationId === member.subLocationId);
  if (known !== undefined && compareMembers(known, member) > 0) return location;
  const members = [...location.members.filter((other) => other !== known), member];
  return { members: members.toSorted((a, b) => (a.subLocationId < b.subLocationId ? -1 : 1)) };
};

/** Subtractor of a grouped table: takes out exactly this metric. One that was never taken in changes nothing. */
export const subtractMember = (location: LocationDemand, member: LocationMember): LocationDemand => ({
  members: location.members.filter(
    (known) => known.subLocationId !== member.subLocationId || compareMembers(known, member) !== 0,
  ),
});

/**
 * The sums over the location's sub-locations, whose ids `capacities` has for keys, and what `sublocations` says of
 * their capacity for values (0 or less: unknown). A member with a metric counts with the metric's bookings and
 * capacity, or not at all if the metric's capacity is unknown; one without adds its capacity from `sublocations`.
 * Capacity 0 (unknown) where no metric counts: nobody's silence is a price cut. Undefined if there is no metric.
 */
export const summary = (
  { members }: LocationDemand,
  capacities: ReadonlyMap<string, number>,
): LocationSummary | undefined => {
  const [first] = members;
  if (first === undefined) return undefined;
  const { hour } = first;
  const order = metricOrder(hour, members);
  const counted = members.filter(
    ({ subLocationId, availableCapacity }) => availableCapacity > 0 && capacities.has(subLocationId),
  );
  const timestamp = Math.max(...(counted.length > 0 ? counted : members).map((member) => member.timestamp));
  if (counted.length === 0)
    return { hour, bookingsCount: 0, availableCapacity: 0, demandPressure: 0, timestamp, order };
  const known = new Set(members.map(({ subLocationId }) => subLocationId));
  const silent = [...capacities].filter(([subLocationId]) => !known.has(subLocationId));
  const bookingsCount = sum(counted.map((member) => member.bookingsCount));
  const availableCapacity =
    sum(counted.map((member) => member.availableCapacity)) +
    sum(silent.map(([, capacity]) => Math.max(0, capacity)));
  const demandPressure = bookingsCount / (availableCapacity / 100);
  return { hour, bookingsCount, availableCapacity, demandPressure, timestamp, order };
};

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
