import type { KTable, StageNode } from "../stages.ts";
import type { KeyValueStoreDefinition } from "../state/store-definition.ts";
import { operatorStage } from "./operator-stage.ts";
import { storeView } from "./store-view.ts";
import { attachTableStore } from "./table-store.ts";

/** A table that keeps the latest value of each key of its input. */
export const tableStage = <K, V>(
  input: StageNode,
  operator: string,
  name: string | undefined,
  definition: KeyValueStoreDefinition,
): KTable<K, V> =>
  operatorStage(
    "KTable",
    { input },
    {
      operator,
      name,
      key: definition.key,
      value: definition.value,
      rekeyed: false,
      stores: [definition],
      materialized: definition,
      view: storeView(definition),
      attach: attachTableStore(operator, definition),
    },
  );
