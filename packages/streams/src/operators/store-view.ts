import type { StoreDefinition } from "../state/store-definition.ts";
import type { TableRow } from "../table-row.ts";
import type { ViewTable } from "../table-view.ts";
import type { Windowed } from "../windowed.ts";

/** Reads a table from the store that holds its rows. */
export const storeView =
  (definition: StoreDefinition): ViewTable<unknown, unknown> =>
  (task, as) => {
    switch (definition.kind) {
      case "keyValue": {
        const store = task.store(definition);
        return as === "told" ? { row: (key) => store.told(key) } : { row: (key) => present(store.row(key)) };
      }
      case "window": {
        const store = task.store(definition);
        return as === "told"
          ? { row: (windowed) => store.told(...placeOf(windowed)) }
          : { row: (windowed) => present(store.row(...placeOf(windowed))) };
      }
      case "session": {
        const store = task.store(definition);
        return as === "told"
          ? { row: (windowed) => store.told(...placeOf(windowed), endOf(windowed)) }
          : { row: (windowed) => present(store.row(...placeOf(windowed), endOf(windowed))) };
      }
      case "versioned": {
        const store = task.store(definition);
        return { row: (key, asOf) => (asOf === undefined ? store.get(key) : store.get(key, asOf)) };
      }
      case "join":
        throw new Error(`the store "${definition.name}" holds the records of a join, and is no table`);
    }
  };

const placeOf = (windowed: unknown): [key: unknown, start: number] => {
  const { key, start } = windowed as Windowed<unknown>;
  return [key, start];
};

const endOf = (windowed: unknown): number => (windowed as Windowed<unknown>).end;

/** A row that was deleted may still wait for its flush. */
const present = (row: TableRow<unknown> | undefined): TableRow<unknown> | undefined =>
  row === undefined || row.value === undefined ? undefined : row;
