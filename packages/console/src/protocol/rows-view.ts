/** A row of a store: key and value in JSON, times in ms since the epoch. */
export interface RowView {
  readonly key: unknown;
  readonly value: unknown;
  readonly start?: number;
  readonly end?: number;
  readonly timestamp?: number;
}

/** Rows of a store from all members that answered. */
export interface RowsView {
  readonly application: string;
  readonly store: string;
  readonly rows: readonly RowView[];
  /** There are others behind them. */
  readonly more: boolean;
  /** What kept members from answering. */
  readonly problems: readonly string[];
}
