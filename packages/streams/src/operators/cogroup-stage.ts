import { TopologyError } from "../errors.ts";
import { erased, type Serde } from "../serde.ts";
import type { Cogroup, KTable, StageNode } from "../stages.ts";
import { erasedStore, type KeyValueStoreDefinition } from "../state/store-definition.ts";
import type { Merge, Step } from "./aggregation.ts";
import { groupedInput } from "./grouped-input.ts";
import { attachKeyedAggregate } from "./keyed-aggregate.ts";
import { missingSerde } from "./missing-serde.ts";
import { operatorStage } from "./operator-stage.ts";
import { chosenKeyValueStore, nameOfStore, type StoreNameOr } from "./store-choice.ts";
import { storeView } from "./store-view.ts";
import { closesAfter, windowedState } from "./windowed-state.ts";

interface Choice<K, A> {
  readonly name?: string;
  readonly store: StoreNameOr<{ readonly name: string }>;
  readonly key?: unknown;
  readonly retention?: number;
  readonly value: Serde<A>;
  readonly init: () => A;
  readonly merge?: (older: A, newer: A, key: K) => A;
}

/** The aggregation of a cogroup: one store that all groups add to, each with its own function. */
export const cogroupStage = <K, A, OutKey, Out>(
  { role, key: knownKey }: StageNode,
  cogroups: readonly Cogroup[],
  choice: Choice<K, A>,
): KTable<OutKey, Out> => {
  const { value, init, merge } = choice;
  const store = nameOfStore(choice.store);
  const [first] = cogroups;
  if (first === undefined) throw new TopologyError(`the cogroup of the store "${store}" has no groups`);
  const key = (choice.key ?? knownKey) as Serde<K> | undefined;
  if (key === undefined) throw missingSerde(`the store "${store}"`, "key", "aggregate()", first.grouped);
  const inputs: Record<string, StageNode> = {};
  const steps: Record<string, Step<K, unknown, A>> = {};
  for (const [at, { grouped, add }] of cogroups.entries()) {
    const step = add as (aggregate: A, value: unknown, key: K) => A | null;
    inputs[at] = groupedInput(grouped, "aggregate", store, erased(key));
    steps[at] = (current, next, group) => step(current === undefined ? init() : current, next, group);
  }
  const merging: Merge<K, A> = (current, next, group) =>
    merge === undefined ? next : merge(current === undefined ? init() : current, next, group);
  const windowing = role.type === "grouping" ? role.windowing : undefined;
  const node = { operator: "cogroup", name: choice.name, value: erased(value), rekeyed: false };
  if (windowing !== undefined) {
    const state = windowedState("aggregate", choice, windowing, key, value, steps, merging);
    const [results] = state.stores;
    return operatorStage("KTable", inputs, {
      ...node,
      ...state,
      materialized: results,
      view: storeView(results),
      initial: windowing.windows.type === "session" ? undefined : init,
      closesAfter: closesAfter(windowing),
    });
  }
  const definition = chosenKeyValueStore(
    choice.store as StoreNameOr<KeyValueStoreDefinition<K, A>>,
    key,
    value,
  );
  const results = erasedStore(definition);
  return operatorStage("KTable", inputs, {
    ...node,
    key: erased(key),
    stores: [results],
    materialized: results,
    view: storeView(results),
    initial: init,
    attach: attachKeyedAggregate("aggregate", definition, steps),
  });
};
