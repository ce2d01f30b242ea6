import type { Mutation } from "./mutation.ts";

const windowCloses = "operators/window-closes.ts";

/** What is sent, and when windows close. */
export const outputMutations: readonly Mutation[] = [
  {
    name: "repartitioning goes by turns instead of by key",
    file: "runtime/task/task-output.ts",
    find: "key === null ? this.#roundRobin++ % partitions : partitionForKey(key, partitions)",
    replace: "this.#roundRobin++ % partitions",
    workload: "windowed-count",
  },
  {
    name: "repartition topics are purged beyond what is committed",
    file: "runtime/topics/repartition-purge.ts",
    find: "({ partition: { topic, partition }, offset }));",
    replace: "({ partition: { topic, partition }, offset: offset + 10 }));",
    workload: "windowed-count",
  },
  {
    name: "what comes of a call that was read ahead to goes on at once",
    file: "operators/keyed-queue.ts",
    find: "else if (!this.#abandoned) this.#kept.push(settle);",
    replace: "else {\n      this.#ahead--;\n      settle();\n    }",
    workload: "async-calls",
  },
  {
    name: "a commit ends where its task has read ahead to",
    file: "runtime/task/task-progress.ts",
    find: "return this.#cut ?? positionsOf(queues);",
    replace: "return this.#cut?.length === 0 ? [] : positionsOf(queues);",
    workload: "async-calls",
  },
  {
    name: "asynchronous calls of one key overtake each other",
    file: "operators/keyed-queue.ts",
    find: "const behind = key === undefined ? undefined : this.#behind.get(key);",
    replace: "const behind = key === key ? undefined : this.#behind.get(key);",
    workload: "async-calls",
  },
  {
    name: "idle windows close without asking whether all is read",
    file: "runtime/member/idle-close.ts",
    find: "return end !== undefined && position >= end;",
    replace: "return end !== undefined && position >= 0;",
  },
  {
    name: "how far windows were closed is forgotten",
    file: windowCloses,
    find: "      this.#closedTo.value = closeTime;\n",
    replace: "",
    workload: "finals",
  },
  {
    name: "windows that idleness closed leave no mark",
    file: windowCloses,
    find: "      this.#early?.put(this.#windowed(row.key, row.start), closedMark, row.timestamp);\n",
    replace: "",
    workload: "idle-finals",
  },
  {
    name: "a window gets its final again for a record that comes after it",
    file: windowCloses,
    find: "if (this.isClosedEarly(row.key, row.start)) this.#early?.delete(this.#windowed(row.key, row.start));\n        else if",
    replace: "if",
    workload: "finals",
  },
];
