import type { Mutation } from "./mutation.ts";

const commit = "runtime/member/commit.ts";
const commits = "runtime/member/commits.ts";
const loop = "runtime/member/loop.ts";
const task = "runtime/task/task.ts";
const taskLife = "runtime/task/task-life.ts";
const cachedStore = "state/cached-store.ts";
const epochLog = "state/epoch-log.ts";
const byteCache = "state/byte-cache.ts";
const membership = "runtime/group/membership.ts";
const heartbeats = "runtime/group/heartbeats.ts";
const windowCloses = "operators/window-closes.ts";

/** Each must be caught within a thousand schedules. */
export const mutations: readonly Mutation[] = [
  // The commit.
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
    find: "return owedAsync === 0 && !stores.dirty;",
    replace: "return !stores.dirty;",
    workload: "async-calls",
  },
  {
    name: "rows are sealed before they are flushed",
    file: taskLife,
    find: "      this.#flush(() => clock.monotonic() < until && !context.owedFull);\n    return context.halted || this.settled;",
    replace: "      void clock;\n    return context.halted || context.pendingAsync === 0;",
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

  // A transaction that is void.
  {
    name: "a void transaction leaves the stores as they are",
    file: task,
    find: "    this.#stores.revert();\n    const { lastCommit }",
    replace: "    const { lastCommit }",
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
    find: "    this.#sealed?.undo.undo(putBack);\n",
    replace: "",
    workload: "windowed-count",
  },
  {
    name: "a void transaction keeps what was flushed since the last seal",
    file: epochLog,
    find: "    this.#open.undo.undo(putBack);\n",
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

  // Tasks that come and go.
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

  // State that is read back.
  {
    name: "the restore leaves out the last record",
    file: cachedStore,
    find: "        this.restoreRow(records);\n",
    replace: "        if (records.offset < nextOffset - 2) this.restoreRow(records);\n",
  },
  {
    name: "the restore ignores deletions",
    file: "state/cached-key-value-store.ts",
    find: "if (known !== undefined) this.detach(known);",
    replace: "",
    workload: "punctuations",
  },
  {
    name: "the restore stops at the last stable offset",
    file: "runtime/topics/listed-offsets.ts",
    find: "transport.listOffsets(partitions, at, false)",
    replace: "transport.listOffsets(partitions, at, true)",
  },
  {
    name: "the operators' numbers are not restored",
    file: "runtime/topics/find-start-positions.ts",
    find: "    sources.map((source) => of(source).metadata.numbers),\n",
    replace: "    [],\n",
    workload: "finals",
  },
  {
    name: "deletions do not reach the changelog",
    file: cachedStore,
    find: "      this.write(this.changelogKey(row), bytes, timestamp);\n",
    replace:
      "      if (bytes === null) return true;\n      this.write(this.changelogKey(row), bytes, timestamp);\n",
    workload: "punctuations",
  },
  {
    name: "expired windows stay in the changelog",
    file: "runtime/member/member.ts",
    find: "expireInChangelog: true,",
    replace: "expireInChangelog: false,",
    workload: "finals",
  },
  {
    name: "old values are lost on their way downstream",
    file: cachedStore,
    find: "for (const listener of this.#listeners) listener(row, old, saved.headers);",
    replace: "for (const listener of this.#listeners) listener(row, undefined, saved.headers);",
    workload: "grouped-table",
  },

  // Standbys.
  {
    name: "standbys leave out what was written while a task was restored",
    file: "runtime/restore/restorer.ts",
    find: "for (const { topic, partition, position } of this.#followed.values())\n        this.#fetcher?.add(topic, partition, position);",
    replace:
      "for (const { topic, partition, position } of this.#followed.values())\n        this.#fetcher?.add(topic, partition, position + 1);",
    workload: "windowed-count",
  },
  {
    name: "a standby begins one record too far",
    file: "runtime/restore/standbys.ts",
    find: "from: Math.max(store.position, ",
    replace: "from: Math.max(store.position + 1, 1 + ",
  },
  {
    name: "a standby becomes a task without reading its tail",
    file: "runtime/task/task-starter.ts",
    find: "              from: Math.max(changelog.store.position, begin),\n",
    replace: "              from: changelog.store.position > 0 ? end : begin,\n",
  },
  {
    name: "a task that becomes a standby keeps what was not committed",
    file: task,
    find: "    this.#stores.revert();\n    this.#life.context.close();",
    replace: "    this.#life.context.close();",
    workload: "windowed-count",
  },
  {
    name: "a task moves to a member that has nothing of its state",
    file: "runtime/group/warm-up.ts",
    find: "if (isCaughtUp(target) || !lags.mayKeep(target, identity))",
    replace: 'if (target !== "")',
  },

  // What is sent, and when windows close.
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
  // Joins by a foreign key.
  {
    name: "an answer to what a row was before passes for one to what it is",
    file: "operators/resolve-responses.ts",
    find: "if (!isOf(hash, row === undefined ? null : leftValue.serialize(row.value))) return;",
    replace: "",
    workload: "foreign-keys",
  },
  // State on disks.
  {
    name: "positions on disks are too far",
    file: byteCache,
    find: "this.#write(this.#sealed, position);",
    replace: "this.#write(this.#sealed, position + 2);",
  },
  {
    name: "positions are on disks without their rows",
    file: byteCache,
    find: "this.bytes.write(changes, position)",
    replace: "this.bytes.write([], position)",
  },
  {
    name: "what a void transaction flushed goes to disks",
    file: byteCache,
    find: "  revert(): void {\n    this.#changes = [];\n    this.#sealed = [];\n",
    replace: "  revert(): void {\n",
  },
  {
    name: "a disk that was away is taken for current",
    file: "runtime/task/task-starter.ts",
    find: "from: Math.max(changelog.store.position, begin),",
    replace: "from: changelog.store.position < 0 ? begin : end,",
  },
  {
    name: "rows that have changed leave a cache above a disk",
    file: cachedStore,
    find: "row.dirtyAt < 0 && !this.#epochs.hasChanged(row) && !this.isHeld(row)",
    replace: "row.dirtyAt < 0",
  },
  {
    name: "a store on a disk counts what is committed alone",
    file: "state/cached-key-value-store.ts",
    find: "return this.#rows.size + (this.bytes?.size ?? 0);",
    replace: "return this.bytes?.size ?? this.#rows.size;",
    workload: "finals",
  },
];
