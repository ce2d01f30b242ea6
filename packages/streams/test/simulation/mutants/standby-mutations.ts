import type { Mutation } from "./mutation.ts";

const task = "runtime/task/task.ts";
const restorer = "runtime/restore/restorer.ts";

/** Standbys. */
export const standbyMutations: readonly Mutation[] = [
  {
    name: "standbys do not go on after a task was restored",
    file: restorer,
    find: "for (const following of this.#followed.values()) this.#goOn(following);",
    replace: "",
  },
  {
    name: "standbys leave out what was written while a task was restored",
    file: restorer,
    find: "for (const following of this.#followed.values()) this.#stand(following);",
    replace:
      "for (const following of this.#followed.values()) {\n        this.#stand(following);\n        following.position = following.end = Math.max(following.end, following.position);\n      }",
  },
  {
    name: "a standby that has caught up follows no further",
    file: restorer,
    find: "if (following.source !== undefined && following.position >= following.source.end)",
    replace: "if (following.position >= (following.source?.end ?? following.end))",
  },
  {
    name: "a standby begins one record too far",
    file: "runtime/restore/standbys.ts",
    find: "from: Math.max(store.position, ",
    replace: "from: Math.max(store.position + 1, 1 + ",
  },
  {
    name: "a standby of a source topic is ahead of what was committed",
    file: "runtime/restore/standbys.ts",
    find: "const limit = Math.max(0, store.position, committed.get(name) ?? 0);",
    replace: "const limit = endOf(changelog);",
    workload: "reused-topic",
  },
  {
    name: "a standby becomes a task without reading its tail",
    file: "runtime/member/task-starter.ts",
    find: "              from: Math.max(changelog.store.position, begin),\n",
    replace: "              from: changelog.store.position > 0 ? end : begin,\n",
  },
  {
    name: "a task that becomes a standby keeps what was not committed",
    file: task,
    find: "return this.#undo(() => this.#rest());",
    replace: "this.#rest();\n    return Promise.resolve();",
    workload: "windowed-count",
  },
  {
    name: "a task moves to a member that has nothing of its state",
    file: "runtime/group/warm-up.ts",
    find: "if (isCaughtUp(target) || !lags.mayKeep(target, identity))",
    replace: 'if (target !== "")',
  },
];
