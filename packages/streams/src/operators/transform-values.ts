import type { TaskContext } from "../runtime/task/task-context.ts";
import { erased, type Serde } from "../serde.ts";
import type { KTable } from "../stages.ts";
import { erasedStore } from "../state/store-definition.ts";
import type { Kept } from "./kept-table.ts";
import type { Named } from "./named.ts";
import { madeForTask } from "./made-for-task.ts";
import { openStores } from "./open-stores.ts";
import type { NoStores, ProcessorContext, StoreDefinitions } from "./processor.ts";
import { tableOperator } from "./table-operator.ts";

/** What a transformer has to work with, in one task: it answers values, and forwards nothing. */
export type TransformerContext<S extends StoreDefinitions = NoStores> = Pick<
  ProcessorContext<never, S>,
  "stores" | "streamTime" | "now" | "position" | "taskId"
>;

/** How to make a transformer for a task (Kafka Streams' `ValueTransformerWithKeySupplier`). */
export interface TransformerDefinition<K, V, V2, S extends StoreDefinitions = NoStores> extends Named {
  readonly stores?: S;
  readonly value?: Serde<NonNullable<V2>>;
  /**
   * Called once per task, and once more for each join that reads the table where it has no store; answers a new function each
   * time where it takes the context. The transformer is asked about deleted rows, too, which are null, and null deletes a row.
   */
  create(context: TransformerContext<S>): (value: NoInfer<NonNullable<V>> | null, key: NoInfer<K>) => V2;
}

/**
 * A new value for each row by a function with stores of its own, the key as it was (`KTable.transformValues`). Where old
 * values are asked for, and the result is not kept in a store, it is called for these, too.
 */
export const transformValues =
  <K, V, V2 extends {} | null, S extends StoreDefinitions = NoStores>(
    definition: TransformerDefinition<K, V, V2, S> & Kept<"KTable", NoInfer<K>, NoInfer<V2>>,
  ): ((stage: KTable<K, V>) => KTable<K, V2 | null>) =>
  ({ node }) => {
    const { name, stores = {}, store } = definition;
    return tableOperator<K, NonNullable<V>, V2>(node, {
      operator: "transformValues",
      ...(name !== undefined && { name }),
      map: (task) => madeForTask(definition, contextOf(task, definition.stores)),
      value: erased(definition.value),
      dropsNothing: false,
      store,
      uses: Object.values<StoreDefinitions[string]>(stores).map(erasedStore),
    });
  };

const contextOf = <S extends StoreDefinitions>(
  task: TaskContext,
  definitions: S | undefined,
): TransformerContext<S> => ({
  stores: openStores(task, definitions),
  get streamTime() {
    return task.streamTime;
  },
  now: () => task.now(),
  get position() {
    return task.position;
  },
  taskId: task.taskId,
});
