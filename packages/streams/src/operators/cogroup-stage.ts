import { closesAfter } from "./closes-after.ts";
import { TopologyError } from "../errors.ts";
import { erased, type Serde } from "../serde.ts";
import type { KTable, StageNode } from "../stages.ts";
import { erasedStore, type KeyValueStoreDefinition } from "../state/store-definition.ts";
import type { Merge, Step } from "./aggregation.ts";
import { groupedInput } from "./grouped-input.ts";
import { attachKeyedAggregate } from "./keyed-aggregate.ts";
import { missingSerde } from "./missing-serde.ts";
import { operatorStage } from "./operator-stage.ts";
import { chosenKeyValueStore, nameOfStore, type StoreNameOr } from "./store-choice.ts";
import { storeView } from "./store-view.ts";
import { windowedState } from "./windowed-state.ts";

/** What `aggregate` was given, whatever is aggregated: the types have been checked. */
export interface AnyAggregate<K, V, A> {
  readonly name?: string;
  readonly store: StoreNameOr<{ readonly name: string }>;
  readonly key?: unknown;
  readonly retention?: number;
  readonly value: Serde<A>;
  readonly init: () => A;
  /** Undefined for a cogroup. */
  readonly add?: (aggregate: A, value: V, key: K) => A | null;
  readonly subtract?: (aggregate: A, value: V, key: K) => A | null;
  readonly merge?: (older: A, newer: A, key: K) => A;
}

/** How sessions become one: the oldest is merged with what a group begins with. */
export const mergingFrom =
  <K, A>(init: () => A, merge: AnyAggregate<K, never, A>["merge"]): Merge<K, A> =>
  (current, next, key) =>
    merge === undefined ? next : merge(current === undefined ? init() : current, next, key);

/** The aggregation of a cogroup: one store that all groups add to, each with its own function. */
export const cogroupStage = <K, A, OutKey, Out>(
  grouped: StageNode,
  choice: Omit<AnyAggregate<K, never, A>, "add" | "subtract">,
): KTable<OutKey, Out> => {
  const { value, init } = choice;
  const { role } = grouped;
  const store = nameOfStore(choice.store);
  const cogroups = role.type === "grouping" ? role.cogroups : undefined;
  if (cogroups === undefined)
    throw new TopologyError(
      `the aggregate of the store "${store}" has no add(), which only those of cogroups do without`,
    );
  const key = (choice.key ?? grouped.key) as Serde<K> | undefined;
  if (key === undefined) throw missingSerde(`the store "${store}"`, "key", "aggregate()", grouped);
  const inputs: Record<string, StageNode> = {};
  const steps: Record<string, Step<K, unknown, A>> = {};
  for (const [at, { grouped: group, add }] of cogroups.entries()) {
    const step = add as (aggregate: A, value: unknown, key: K) => A | null;
    inputs[at] = groupedInput(group, "aggregate", store, erased(key));
    steps[at] = (current, next, ofKey) => step(current === undefined ? init() : current, next, ofKey);
  }
  const windowing = role.type === "grouping" ? role.windowing : undefined;
  const node = { operator: "cogroup", name: choice.name, value: erased(value), rekeyed: false };
  if (windowing !== undefined) {
    const state = windowedState(
      "aggregate",
      choice,
      windowing,
      key,
      value,
      steps,
      mergingFrom(init, choice.merge),
    );
    const [results] = state.stores;
    return operatorStage("KTable", inputs, {
      ...node,
      ...state,
      materialized: results,
      view: storeView(results),
      initial: windowing.windows.type === "session" ? undefined : init,
      closesAfter: closesAfter(windowing.windows),
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
