import type { StoreDefinition } from "../state/store-definition.ts";
import type { TableRow, ViewTable } from "../table-view.ts";
import type { Windowed } from "../windowed.ts";

/** Reads a table from the store that holds its rows. */
export const storeView =
  (definition: StoreDefinition): ViewTable<unknown, unknown> =>
  (task) => {
    if (definition.kind === "keyValue") {
      const store = task.store(definition);
      return { row: (key) => present(store.row(key)) };
    }
    const store = task.store(definition);
    return {
      row: (windowed) => {
        const { key, start } = windowed as Windowed<unknown>;
        return present(store.row(key, start));
      },
    };
  };

/** A row that was deleted may still wait for its flush. */
const present = (row: TableRow<unknown> | undefined): TableRow<unknown> | undefined =>
  row === undefined || row.value === undefined ? undefined : row;
