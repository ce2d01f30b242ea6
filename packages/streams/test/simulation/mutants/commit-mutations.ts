import type { Mutation } from "./mutation.ts";

const commit = "runtime/member/commit.ts";
const commits = "runtime/member/commits.ts";
const task = "runtime/task/task.ts";
const taskLife = "runtime/task/task-life.ts";

/** The commit. */
export const commitMutations: readonly Mutation[] = [
  {
    name: "a commit leaves the source offsets out",
    file: commit,
    find: "producer.commit(membership, offsets)",
    replace: "producer.commit(membership, [])",
  },
  {
    name: "a commit leaves the offsets of one task out",
    file: commit,
    find: "tasks.flatMap((task) => offsetsOf(task, id))",
    replace:
      "tasks.map((task) => offsetsOf(task, id)).flatMap((offsets, at) => (at > 0 && at === tasks.length - 1 ? [] : offsets))",
  },
  {
    name: "a commit names neither member nor generation: no zombie is fenced",
    file: commit,
    find: "producer.commit(membership, offsets)",
    replace:
      'producer.commit({ ...membership, generationId: -1, memberId: "", groupInstanceId: null }, offsets)',
  },
  {
    name: "committed offsets are one too far",
    file: commit,
    find: "offset: positions[at]?.offset ?? 0,",
    replace: "offset: (positions[at]?.offset ?? 0) + 1,",
  },
  {
    name: "a position moves when a record is decoded, not when it was processed",
    file: "runtime/task/source-queue.ts",
    find: "      this.#hasHead = true;\n      return true;",
    replace: "      this.#hasHead = true;\n      this.position = this.offset + 1;\n      return true;",
  },
  {
    name: "committed offsets are one short",
    file: commit,
    find: "offset: positions[at]?.offset ?? 0,",
    replace: "offset: Math.max(0, (positions[at]?.offset ?? 0) - 1),",
  },
  {
    name: "the operators' numbers are not committed",
    file: commit,
    find: "    numbers.named,\n",
    replace: "    new Map(),\n",
    workload: "finals",
  },
  {
    name: "steps 1 and 2 are not waited for",
    file: commit,
    find: "if (!task.settle(until)) settled = false;",
    replace: "task.settle(until);",
  },
  {
    name: "a commit does not wait for asynchronous calls",
    file: taskLife,
    find: "return work.owed === 0 && !stores.dirty;",
    replace: "return !stores.dirty;",
    workload: "async-calls",
  },
  {
    name: "rows are sealed before they are flushed",
    file: taskLife,
    find: "      this.#flush(() => clock.monotonic() < until && !context.work.owedFull);\n    return context.halted || this.settled;",
    replace: "      void clock;\n    return context.halted || context.work.inFlight === 0;",
    workload: "windowed-count",
  },
  {
    name: "what a task only sends is not committed",
    file: task,
    find: "this.#advanced || this.#sink.touched || !this.settled",
    replace: "this.#advanced || !this.settled",
    workload: "punctuations",
  },
  {
    name: "a commit that failed is taken for durable",
    file: commits,
    find: "(error: unknown) => this.#post.letter(() => this.#failed(error, epoch)),",
    replace: '() => this.#post.letter(() => this.#post.dispatch({ type: "durable", commit })),',
  },
  {
    name: "without transactions a member commits though its session may have ended unheard",
    file: "runtime/member/loop.ts",
    find: 'return settings.guarantee !== "exactly_once" && unheard();',
    replace: 'return settings.guarantee !== "exactly_once" && unheard() && false;',
    workload: "at-least-once",
  },
];
