/** What an operator's function is given: of tables it is only asked about rows that are there. */
export type Row<Kind, V> = Kind extends "KTable" ? NonNullable<V> : V;

/** What flows on: a table's deleted rows are null whatever was done to the others. */
export type WithDeleted<Kind, V, V2> = Kind extends "KTable" ? V2 | Extract<V, null> : V2;

/** What flows on where an operator can take rows out of a table: null for those, too. */
export type Emptied<Kind, V> = Kind extends "KTable" ? V | null : V;

/** What a function may answer: null deletes a table's row, whatever the serde writes. */
export type Mapped<Kind, V2> = Kind extends "KTable" ? V2 | null : V2;
