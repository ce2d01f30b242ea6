/** The demand of a sub-location in an hour, as it stands. */
export interface HourView {
  readonly subLocationId: string;
  readonly locationId: string | undefined;
  /** Start of the UTC hour, ms since the epoch. */
  readonly hour: number;
  readonly bookings: number;
  readonly attendees: number;
  /** 0: unknown. */
  readonly capacity: number;
  readonly pressure: number;
  readonly usualPressure: number | undefined;
  readonly historySamples: number;
  /** False: it may be revised. */
  readonly final: boolean;
}

/** A decision of the surge application, as it tells it. */
export interface DecisionView {
  readonly application: string;
  readonly at: number;
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** The venue's hours, and what was decided on them. */
export interface VenueView {
  /** Of the demand topic; undefined where the console does not read one. */
  readonly topic: string | undefined;
  readonly problem: string | undefined;
  readonly hours: readonly HourView[];
  readonly decisions: readonly DecisionView[];
}
