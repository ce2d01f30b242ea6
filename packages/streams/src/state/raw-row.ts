/** A row of a store, or a version of one, as bytes: for tools that look at state. */
export interface RawRow {
  readonly key: Buffer;
  /** Start of a window or a session, or time of a record of a join, ms; undefined elsewhere. */
  readonly start: number | undefined;
  /** End of a session, inclusive, ms; undefined elsewhere. */
  readonly end: number | undefined;
  /** Tells records of a join apart that have one key and time; undefined elsewhere. */
  readonly sequence: number | undefined;
  /** Event time of the record that made it, ms; of a version, since when it holds. */
  readonly timestamp: number;
  /** Null: a version that says the key was deleted. */
  readonly value: Buffer | null;
}
