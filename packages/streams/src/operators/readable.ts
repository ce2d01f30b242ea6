import { TopologyError } from "../errors.ts";
import type { StageNode } from "../stages.ts";
import type { ViewTable } from "../table-view.ts";

/** How a join reads a table. Throws a TopologyError for one without any store. */
export const readable = (table: StageNode, operator: string): ViewTable<unknown, unknown> => {
  if (table.view === undefined)
    throw new TopologyError(
      `${operator}() has to read a table by key, but that has no store: give table(), toTable() or the join by a foreign key ` +
        "one as { store: ... }",
    );
  return table.view;
};
