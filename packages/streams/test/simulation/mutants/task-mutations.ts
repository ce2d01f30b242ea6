import type { Mutation } from "./mutation.ts";

const loop = "runtime/member/loop.ts";
const membership = "runtime/group/membership.ts";
const heartbeats = "runtime/group/heartbeats.ts";

/** Tasks that come and go. */
export const taskMutations: readonly Mutation[] = [
  {
    name: "a revocation is answered before its work is durable",
    file: "runtime/member/debts.ts",
    find: 'debt.tasks.some((task) => draft.tasks.get(task)?.phase === "draining")',
    replace: 'debt.tasks.some((task) => draft.tasks.get(task)?.phase === "nothing")',
  },
  {
    name: "tasks that are taken away go without a commit",
    file: "runtime/member/task-phases.ts",
    find: '    draft.tasks.set(task, { ...owned, phase: "draining" });\n    return;\n',
    replace: '    draft.effects.push({ type: "close", task });\n    draft.tasks.delete(task);\n    return;\n',
  },
  {
    name: "tasks are kept when membership is lost",
    file: membership,
    find: "if (await this.#owed(this.#listener.lost(), `${named} to be dropped`)) return;",
    replace: "if (named.length > 0) return;",
  },
  {
    name: "a revocation is not waited for before the next join",
    file: membership,
    find: "const done = this.#listener.revoked(revoked);",
    replace: "const done = Promise.resolve(void this.#listener.revoked(revoked));",
  },
  {
    name: "a task goes to its next owner before the last has given it up",
    file: "runtime/group/assign-tasks.ts",
    find: "if (owner !== undefined && owner !== active) holders.push(owner);",
    replace: "",
  },
  {
    name: "a member is not told that the group does not know it any more",
    file: heartbeats,
    find: "refusals.has(name)) this.#listener.refused(error);",
    replace: "refusals.has(name)) this.#listener.alive(false);",
  },
  {
    name: "heartbeats come too late for the session",
    file: heartbeats,
    find: "    }, intervalMs);",
    replace: "    }, intervalMs * 20);",
  },
  {
    name: "turns have no end: heartbeats wait for records",
    file: loop,
    find: "const turnMs = 15;",
    replace: "const turnMs = 15_000_000;",
    workload: "slow-operator",
  },

  {
    name: "a source that was made anew is read on where the old one ended",
    file: "runtime/topics/topic-marks.ts",
    find: "? undefined : now.get(name) === then;",
    replace: "? undefined : true;",
    workload: "recreated-topic",
  },
  {
    name: "a position that retention has passed goes on one record too far",
    file: "runtime/member/reposition.ts",
    find: "queue.seek({ offset: outcome.offset, partitionTime: queue.partitionTime });",
    replace: "queue.seek({ offset: outcome.offset + 1, partitionTime: queue.partitionTime });",
    workload: "expired-records",
  },
  {
    name: "punctuations wait until a clock that was set back has come to where it was",
    file: "runtime/task/punctuations.ts",
    find: "    if (time < this.#asked) this.#setBack(time);\n",
    replace: "",
    workload: "punctuations",
  },
];
