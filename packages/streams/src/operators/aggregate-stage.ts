import { TopologyError } from "../errors.ts";
import { erased, type Serde } from "../serde.ts";
import { windowed } from "../serdes/windowed.ts";
import type { KTable, StageNode } from "../stages.ts";
import {
  erasedStore,
  type KeyValueStoreDefinition,
  type WindowStoreDefinition,
} from "../state/store-definition.ts";
import type { Steps } from "./aggregation.ts";
import { closedWindows } from "./closed-windows.ts";
import { groupedInput } from "./grouped-input.ts";
import { attachKeyedAggregate } from "./keyed-aggregate.ts";
import { missingSerde } from "./missing-serde.ts";
import { operatorStage } from "./operator-stage.ts";
import { chosenKeyValueStore, chosenWindowStore, nameOfStore, type StoreNameOr } from "./store-choice.ts";
import { storeView } from "./store-view.ts";
import { attachTableAggregate } from "./table-aggregate.ts";
import { attachWindowedAggregate } from "./windowed-aggregate.ts";
import type { Windowing } from "./windowed-by.ts";

interface Choice {
  readonly name?: string;
  readonly store: StoreNameOr<{ readonly name: string }>;
  readonly key?: unknown;
  readonly retention?: number;
}

/** What aggregate, reduce and count share: the repartition before, the store, and what is done per record. */
export const aggregateStage = <K, V, A, OutKey, Out>(
  grouped: StageNode,
  operator: string,
  choice: Choice,
  value: Serde<A>,
  steps: Steps<K, V, A>,
): KTable<OutKey, Out> => {
  const key = (choice.key ?? grouped.key) as Serde<K> | undefined;
  if (key === undefined)
    throw missingSerde(`the store "${nameOfStore(choice.store)}"`, "key", `${operator}()`, grouped);
  const input = groupedInput(grouped, operator, nameOfStore(choice.store), erased(key));
  const windowing = grouped.role.type === "grouping" ? grouped.role.windowing : undefined;
  if (windowing !== undefined) return windowedStage(input, operator, choice, windowing, key, value, steps);
  const { subtract } = steps;
  const definition = chosenKeyValueStore(
    choice.store as StoreNameOr<KeyValueStoreDefinition<K, A>>,
    key,
    value,
  );
  const store = erasedStore(definition);
  return operatorStage(
    "KTable",
    { input },
    {
      operator,
      name: choice.name,
      key: erased(key),
      value: erased(value),
      rekeyed: false,
      stores: [store],
      materialized: store,
      view: storeView(store),
      attach:
        grouped.kind === "KGroupedTable" && subtract !== undefined
          ? attachTableAggregate(operator, definition, steps.add, subtract)
          : attachKeyedAggregate(operator, definition, steps.add),
    },
  );
};

const windowedStage = <K, V, A, OutKey, Out>(
  input: StageNode,
  operator: string,
  choice: Choice,
  windowing: Windowing,
  key: Serde<K>,
  value: Serde<A>,
  { add }: Steps<K, V, A>,
): KTable<OutKey, Out> => {
  const { size, grace } = windowing.windows;
  const definition = chosenWindowStore(
    choice.store as StoreNameOr<WindowStoreDefinition<K, A>>,
    key,
    value,
    size,
    choice.retention ?? size + grace,
  );
  const { name, retention } = definition;
  if (retention < size + grace)
    throw new TopologyError(
      `the store "${name}" keeps windows for ${retention} ms, but they take records for ${size + grace} ms ` +
        "(size + grace): raise the retention",
    );
  const closed =
    windowing.closeOnIdle === undefined
      ? undefined
      : ((windowing.closedStore as ReturnType<typeof closedWindows<K>> | undefined) ??
        closedWindows(name, key, size));
  const store = erasedStore(definition);
  return operatorStage(
    "KTable",
    { input },
    {
      operator,
      name: choice.name,
      key: erased(windowed(key, size)),
      value: erased(value),
      rekeyed: false,
      stores: closed === undefined ? [store] : [store, erasedStore(closed)],
      materialized: store,
      view: storeView(store),
      attach: attachWindowedAggregate(operator, windowing, definition, closed, add),
    },
  );
};
