import { BucketCounts } from "@millrace/service";

/** What the demand topology counts beside the runtime's metrics. */
export interface DemandCounters {
  /** Repeated events that changed nothing. */
  duplicates: number;
  /** Records of sub-locations whose capacity nobody knows. */
  unknownCapacity: number;
  /** Records of hours that are still open. */
  revisions: number;
  /** Final records of hours, and the bookings and attendees in them. */
  finals: number;
  bookings: number;
  attendees: number;
  /** The demand pressure of final hours of known capacity. */
  readonly pressure: BucketCounts;
}

/** All of them at 0. */
export const newDemandCounters = (): DemandCounters => ({
  duplicates: 0,
  unknownCapacity: 0,
  revisions: 0,
  finals: 0,
  bookings: 0,
  attendees: 0,
  pressure: new BucketCounts([0, 1, 2, 5, 10, 15, 20, 30, 50, 100, 200]),
});
