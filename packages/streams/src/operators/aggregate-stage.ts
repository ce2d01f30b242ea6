import { closesAfter } from "./closes-after.ts";
import { TopologyError } from "../errors.ts";
import { erased, type Serde } from "../serde.ts";
import type { KTable, StageNode } from "../stages.ts";
import { erasedStore, type KeyValueStoreDefinition } from "../state/store-definition.ts";
import type { Step, Steps } from "./aggregation.ts";
import { groupedInput } from "./grouped-input.ts";
import { attachKeyedAggregate } from "./keyed-aggregate.ts";
import { missingSerde } from "./missing-serde.ts";
import { operatorStage } from "./operator-stage.ts";
import { chosenKeyValueStore, nameOfStore, type StoreNameOr } from "./store-choice.ts";
import { storeView } from "./store-view.ts";
import { attachTableAggregate } from "./table-aggregate.ts";
import type { Windowing } from "../windowing.ts";
import { windowedState } from "./windowed-state.ts";

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
  if (grouped.role.type === "grouping" && grouped.role.cogroups !== undefined)
    throw new TopologyError(
      `${operator}() of the store "${nameOfStore(choice.store)}" is given a cogroup, whose groups have said what they add: ` +
        "end it in aggregate({ store, value, init })",
    );
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
      initial: steps.initial,
      attach:
        grouped.kind === "KGroupedTable" && subtract !== undefined
          ? attachTableAggregate(operator, definition, steps.add, subtract)
          : attachKeyedAggregate(operator, definition, { input: steps.add as Step<K, unknown, A> }),
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
  { add, merge, initial }: Steps<K, V, A>,
): KTable<OutKey, Out> => {
  const steps = { input: add as Step<K, unknown, A> };
  const {
    key: outKey,
    stores,
    attach,
  } = windowedState(operator, choice, windowing, key, value, steps, merge);
  const [store] = stores;
  return operatorStage(
    "KTable",
    { input },
    {
      operator,
      name: choice.name,
      key: outKey,
      value: erased(value),
      rekeyed: false,
      stores,
      materialized: store,
      view: storeView(store),
      // Sessions tell none.
      closesAfter: closesAfter(windowing.windows),
      initial: windowing.windows.type === "session" ? undefined : initial,
      attach,
    },
  );
};
