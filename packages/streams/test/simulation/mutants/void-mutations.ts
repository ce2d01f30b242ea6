import type { Mutation } from "./mutation.ts";

const task = "runtime/task/task.ts";
const cachedStore = "state/cached-store.ts";
const epochLog = "state/epoch-log.ts";

/** A transaction that is void. */
export const voidMutations: readonly Mutation[] = [
  {
    name: "a void transaction leaves the stores as they are",
    file: task,
    find: "(budget) => !this.#gone && this.#stores.revert(budget),",
    replace: "() => false,",
    workload: "windowed-count",
  },
  {
    name: "a void transaction leaves the positions as they are",
    file: task,
    find: "if (position !== undefined) queue.seek(position);",
    replace: "",
  },
  {
    name: "a commit that was lost is taken for durable",
    file: task,
    find: "if (tookEffect && sealed !== undefined)",
    replace: "if (sealed !== undefined)",
    workload: "windowed-count",
  },
  {
    name: "a void transaction keeps what was sealed in it",
    file: epochLog,
    find: "    if (this.#sealed !== undefined) yield* this.#sealed.undo.newestFirst();\n",
    replace: "",
    workload: "windowed-count",
  },
  {
    name: "a void transaction keeps what was flushed since the last seal",
    file: epochLog,
    find: "    yield* this.#open.undo.newestFirst();\n",
    replace: "",
    workload: "windowed-count",
  },
  {
    name: "a void transaction keeps rows that were not flushed",
    file: cachedStore,
    find: "if (row.saved !== undefined) this.#putBack(row, row.saved);",
    replace: "row.saved = undefined;",
    workload: "windowed-count",
  },
  {
    name: "a closed task's asynchronous calls go on into the next transaction",
    file: "runtime/task/operator-context.ts",
    find: "    if (this.#closed) return;\n    this.#resumed = record;",
    replace: "    this.#resumed = record;",
    workload: "async-calls",
  },
];
