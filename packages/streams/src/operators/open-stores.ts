import type { TaskContext } from "../runtime/task/task-context.ts";
import type { StoreDefinitions, StoresOf } from "./processor.ts";

/** The stores that a user's function asked for, by its names for them. */
export const openStores = <S extends StoreDefinitions>(
  task: TaskContext,
  definitions: S | undefined,
): StoresOf<S> =>
  Object.fromEntries(
    Object.entries(definitions ?? {}).map(([name, definition]) => [name, task.store(definition)]),
  ) as unknown as StoresOf<S>;
