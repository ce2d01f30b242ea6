import type { ErasedSerde } from "../serde.ts";
import type { KTable, StageNode } from "../stages.ts";
import { operatorStage } from "./operator-stage.ts";
import { attachStatelessTable } from "./stateless-table.ts";
import type { TableStoreDefinition } from "./store-choice.ts";
import { storeView } from "./store-view.ts";
import { attachTableStore } from "./table-store.ts";

interface TableNode {
  readonly operator: string;
  readonly name: string | undefined;
  readonly key: ErasedSerde;
  readonly value: ErasedSerde;
}

/** A table that keeps the latest value of each key of its input, or passes changes on where it has no store. */
export const tableStage = <K, V>(
  input: StageNode,
  { operator, name, key, value }: TableNode,
  definition: TableStoreDefinition | undefined,
): KTable<K, V> =>
  operatorStage(
    "KTable",
    { input },
    {
      operator,
      name,
      key,
      value,
      rekeyed: false,
      stores: definition === undefined ? [] : [definition],
      materialized: definition,
      view: definition === undefined ? undefined : storeView(definition),
      attach:
        definition === undefined ? attachStatelessTable(operator) : attachTableStore(operator, definition),
    },
  );
