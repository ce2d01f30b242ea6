/** A booking as the booking service knows it. */
export interface Booking {
  readonly id: string;
  readonly subLocationId: string;
  readonly locationId?: string | null | undefined;
  readonly eventName: string;
  /** Of the booked event: a date, or ms since the epoch. */
  readonly startDate: Date | number;
  readonly endDate: Date | number;
  /** How many are expected; left out while that is not known. */
  readonly attendees?: number | null | undefined;
}
