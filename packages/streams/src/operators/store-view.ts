import type { StoreDefinition } from "../state/store-definition.ts";
import type { TableRow, ViewTable } from "../table-view.ts";
import type { Windowed } from "../windowed.ts";

/** Reads a table from the store that holds its rows. */
export const storeView =
  (definition: StoreDefinition): ViewTable<unknown, unknown> =>
  (task) => {
    switch (definition.kind) {
      case "keyValue": {
        const store = task.store(definition);
        return { row: (key) => present(store.row(key)) };
      }
      case "window": {
        const store = task.store(definition);
        return { row: (windowed) => present(store.row(...placeOf(windowed))) };
      }
      case "session": {
        const store = task.store(definition);
        return {
          row: (windowed) => present(store.row(...placeOf(windowed), (windowed as Windowed<unknown>).end)),
        };
      }
      case "versioned": {
        const store = task.store(definition);
        return { row: (key) => store.get(key) };
      }
      case "join":
        throw new Error(`the store "${definition.name}" holds the records of a join, and is no table`);
    }
  };

const placeOf = (windowed: unknown): [key: unknown, start: number] => {
  const { key, start } = windowed as Windowed<unknown>;
  return [key, start];
};

/** A row that was deleted may still wait for its flush. */
const present = (row: TableRow<unknown> | undefined): TableRow<unknown> | undefined =>
  row === undefined || row.value === undefined ? undefined : row;
