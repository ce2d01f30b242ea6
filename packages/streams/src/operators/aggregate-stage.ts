import { TopologyError } from "../errors.ts";
import { type ErasedSerde, erased, type Serde } from "../serde.ts";
import { windowed } from "../serdes/windowed.ts";
import type { KTable, StageNode } from "../stages.ts";
import { erasedStore, keyValueStore, windowStore } from "../state/store-definition.ts";
import type { Step, StoreChoice } from "./aggregation.ts";
import { attachKeyedAggregate } from "./keyed-aggregate.ts";
import { operatorStage } from "./operator-stage.ts";
import { repartitionNode } from "./repartition.ts";
import { closedWindows } from "./closed-windows.ts";
import { attachWindowedAggregate } from "./windowed-aggregate.ts";
import { windowingOf } from "./windowed-by.ts";

/** What aggregate, reduce and count share: the repartition before, the store, and what is done per record. */
export const aggregateStage = <K, V, A, OutKey, Out>(
  grouped: StageNode,
  operator: string,
  choice: StoreChoice<K>,
  value: Serde<A>,
  step: Step<K, V, A>,
): KTable<OutKey, Out> => {
  const key = (erased(choice.key) ?? grouped.key) as Serde<K> | undefined;
  if (key === undefined)
    throw new TopologyError(
      `the store "${choice.store}" needs a key serde: give ${operator}() or the grouping one as { key: ... }`,
    );
  const parent = grouped.rekeyed ? repartitionNode(grouped, choice.store, undefined, erased(key)) : grouped;
  const windowing = windowingOf(grouped);
  if (windowing === undefined) {
    const store = keyValueStore(choice.store, { key, value });
    return operatorStage("KTable", [parent], {
      operator,
      key: erased(key),
      value: erased(value),
      rekeyed: false,
      stores: [erasedStore(store)],
      attach: attachKeyedAggregate(operator, store, step),
    });
  }
  const { size, grace } = windowing.windows;
  const retention = choice.retention ?? size + grace;
  if (retention < size + grace)
    throw new TopologyError(
      `the store "${choice.store}" keeps windows for ${retention} ms, but they take records for ${size + grace} ms ` +
        "(size + grace): raise the retention",
    );
  const store = windowStore(choice.store, { key, value, windowSize: size, retention });
  const closed = windowing.closeOnIdle === undefined ? undefined : closedWindows(choice.store, key, size);
  const outKey: ErasedSerde | undefined = erased(windowed(key, size));
  return operatorStage("KTable", [parent], {
    operator,
    key: outKey,
    value: erased(value),
    rekeyed: false,
    stores: (closed === undefined ? [store] : [store, closed]).map(erasedStore),
    attach: attachWindowedAggregate(operator, windowing, store, closed, step),
  });
};
