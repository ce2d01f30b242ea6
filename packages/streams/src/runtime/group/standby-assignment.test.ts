import fc from "fast-check";
import { assert, describe, expect, test } from "vitest";
import type { AssignableMember } from "./assignable-member.ts";
import { assignTasks, type GroupAssignment } from "./assign-tasks.ts";
import type { AssignmentPolicy } from "./assignment-policy.ts";
import type { OfferedSubTopology } from "./subscription.ts";

interface Cut {
  readonly name: string;
  readonly tasks: number;
  /** Records in the changelog of each task; 0: it keeps no state. */
  readonly records: number;
}

interface Has {
  readonly active: Set<string>;
  readonly standbys: Set<string>;
  readonly next: Set<string>;
  /** Records of the state of each task. */
  readonly states: Map<string, number>;
}

const basic: AssignmentPolicy = {
  standbyReplicas: 1,
  acceptableRecoveryLag: 100,
  maxWarmupReplicas: 2,
  rackAwareAssignmentTags: [],
};

/** Members that run, restore and report what they are told to. */
class Group {
  readonly members = new Map<string, Has>();
  readonly #cuts: readonly Cut[];
  readonly policy: AssignmentPolicy;
  readonly tags = new Map<string, Record<string, string>>();
  #generation = 0;
  last: GroupAssignment | undefined;
  /** Tasks that were given to a member that lacked much of their state, while another had it. */
  readonly cold: string[] = [];

  constructor(cuts: readonly Cut[], policy: Partial<AssignmentPolicy> = {}) {
    this.#cuts = cuts;
    this.policy = { ...basic, ...policy };
  }

  join(...ids: readonly string[]): this {
    for (const id of ids)
      if (!this.members.has(id))
        this.members.set(id, { active: new Set(), standbys: new Set(), next: new Set(), states: new Map() });
    return this;
  }

  die(...ids: readonly string[]): this {
    for (const id of ids) this.members.delete(id);
    return this;
  }

  get tasks(): readonly string[] {
    return this.#cuts.flatMap(({ name, tasks }) => Array.from({ length: tasks }, (_, at) => `${name}-${at}`));
  }

  recordsOf(task: string): number {
    return this.#cuts.find(({ name }) => task.startsWith(`${name}-`))?.records ?? 0;
  }

  /** One rebalance. */
  round(): GroupAssignment {
    const said = [...this.members].map(([memberId, has]): AssignableMember => ({
      memberId,
      generation: this.#generation,
      tags: this.tags.get(memberId),
      offers: this.#cuts.map((cut) => this.#offer(cut, has)),
    }));
    const result = assignTasks(said, this.policy);
    // The same, whatever the order in which they say it.
    assert.deepEqual(assignTasks(said.toReversed(), this.policy), result);
    this.#generation++;
    for (const [id, has] of this.members) this.#take(id, has, result);
    this.last = result;
    this.#check();
    return result;
  }

  /** Rounds until nobody gives anything away. */
  settle(): this {
    for (let rounds = 1; ; rounds++) {
      const before = this.#picture();
      const { giving } = this.round();
      if (giving.size === 0 && before === this.#picture()) return this;
      if (rounds > 8) throw new Error("does not come to rest");
    }
  }

  /** All standbys read so many records, or all that there is. */
  restore(records = Infinity): void {
    for (const { standbys, states } of this.members.values())
      for (const task of standbys)
        states.set(task, Math.min(this.recordsOf(task), (states.get(task) ?? 0) + records));
  }

  /** Probing rebalances until there is no need of them; answers how many. */
  probe(records = Infinity): number {
    this.settle();
    for (let probes = 0; ; probes++) {
      if (this.last?.probing !== true) return probes;
      if (probes > 500) throw new Error("probes without end");
      this.restore(records);
      this.settle();
    }
  }

  ownerOf(task: string): string | undefined {
    return [...this.members].find(([, { active }]) => active.has(task))?.[0];
  }

  standbysOf(task: string): readonly string[] {
    return [...this.members].filter(([, { standbys }]) => standbys.has(task)).map(([id]) => id);
  }

  #offer({ name, tasks, records }: Cut, { active, standbys, next, states }: Has): OfferedSubTopology {
    const partitions = Array.from({ length: tasks }, (_, partition) => partition);
    const of = (some: ReadonlySet<string>): readonly number[] =>
      partitions.filter((partition) => some.has(`${name}-${partition}`));
    return {
      identity: name,
      sources: [name],
      stores: records > 0 ? [`${name}-store`] : [],
      tasks,
      owned: of(active),
      standbys: records > 0 ? of(standbys) : undefined,
      next: of(next),
      lags: [...states]
        .filter(([task]) => task.startsWith(`${name}-`))
        .map(([task, has]) => [Number(task.slice(name.length + 1)), records - has, records]),
    };
  }

  #take(id: string, has: Has, { assigned, standbys, next }: GroupAssignment): void {
    const named = (of: GroupAssignment["assigned"]): ReadonlySet<string> =>
      new Set(
        (of.get(id) ?? []).flatMap(({ identity, partitions }) =>
          partitions.map((partition) => `${identity}-${partition}`),
        ),
      );
    const active = named(assigned);
    const kept = named(standbys);
    for (const task of active) {
      if (has.active.has(task)) continue;
      const lag = this.recordsOf(task) - (has.states.get(task) ?? 0);
      const others = [...this.members].filter(([other]) => other !== id).map(([, { states }]) => states);
      const nearest = Math.min(...others.map((states) => this.recordsOf(task) - (states.get(task) ?? 0)));
      const { acceptableRecoveryLag } = this.policy;
      if (lag > acceptableRecoveryLag && nearest <= acceptableRecoveryLag) this.cold.push(`${task} to ${id}`);
      has.active.add(task);
      if (this.recordsOf(task) > 0) has.states.set(task, this.recordsOf(task));
    }
    for (const task of has.active) if (!active.has(task)) has.active.delete(task);
    has.standbys.clear();
    has.next.clear();
    for (const task of named(next)) has.next.add(task);
    for (const task of kept) {
      has.standbys.add(task);
      if (!has.states.has(task)) has.states.set(task, 0);
    }
    // In memory: what it neither runs nor keeps is gone.
    for (const task of has.states.keys()) if (!active.has(task) && !kept.has(task)) has.states.delete(task);
  }

  #check(): void {
    for (const task of this.tasks) {
      const owners = [...this.members].filter(([, { active }]) => active.has(task));
      if (owners.length > 1) throw new Error(`${task} runs twice`);
      for (const [id, { standbys }] of owners)
        if (standbys.has(task)) throw new Error(`${id} keeps a standby of ${task}, which it runs`);
      if (this.recordsOf(task) === 0 && this.standbysOf(task).length > 0)
        throw new Error(`${task} has no state, and standbys`);
    }
  }

  #picture(): string {
    return JSON.stringify(
      [...this.members].map(([id, { active, standbys }]) => [id, [...active], [...standbys]]),
    );
  }
}

const names = (from: string, count: number): readonly string[] =>
  Array.from({ length: count }, (_, at) => `${from}${at}`);
const spread = (counts: readonly number[]): number => Math.max(...counts) - Math.min(...counts);

const large: Cut = { name: "large", tasks: 6, records: 100_000 };
const small: Cut = { name: "small", tasks: 4, records: 50 };
const none: Cut = { name: "none", tasks: 4, records: 0 };

test("each task has as many standbys as are asked for, never beside itself, evenly", () => {
  const group = new Group([large, none], { standbyReplicas: 2 }).join("a", "b", "c", "d");
  group.settle();
  for (const task of names("large-", 6)) expect(group.standbysOf(task)).toHaveLength(2);
  expect(spread([...group.members.values()].map(({ standbys }) => standbys.size))).toBe(0);
});

test("with fewer members than standbys, each of the others keeps one", () => {
  const group = new Group([large], { standbyReplicas: 3 }).join("a", "b");
  group.settle();
  for (const task of group.tasks) expect(group.standbysOf(task)).toHaveLength(1);
  expect(group.last?.probing).toBe(false);
});

/** Of a member of the first version, which knows of no standbys. */
const offer = (owned: readonly number[]): OfferedSubTopology => ({
  identity: "x",
  sources: ["x"],
  stores: ["s"],
  tasks: 2,
  owned,
});

describe("a task whose state takes long to read", () => {
  test("goes to the standby when its member dies, and nowhere else", () => {
    const group = new Group([large]).join("a", "b", "c");
    group.settle();
    group.restore();
    const before = new Map(group.tasks.map((task) => [task, group.standbysOf(task)]));
    const orphans = group.tasks.filter((task) => group.ownerOf(task) === "a");
    expect(orphans).toHaveLength(2);
    group.die("a").round();
    for (const task of orphans) expect(before.get(task)).toContain(group.ownerOf(task));
    expect(group.cold).toEqual([]);
  });

  test("stays where it runs while a new member warms up for it, no more than so many at a time", () => {
    const group = new Group([large], { standbyReplicas: 0 }).join("a");
    group.settle();
    group.join("b").settle();
    expect(group.tasks.map((task) => group.ownerOf(task))).toEqual(Array(6).fill("a"));
    expect(group.members.get("b")?.standbys.size).toBe(2);
    expect(group.last?.probing).toBe(true);
    const warming = [...(group.members.get("b")?.standbys ?? [])];
    group.restore(50_000);
    group.settle();
    expect(
      group.tasks.map((task) => group.ownerOf(task)),
      "half is not enough",
    ).toEqual(Array(6).fill("a"));
    expect([...(group.members.get("b")?.standbys ?? [])]).toEqual(warming);
    group.restore();
    group.settle();
    for (const task of warming) expect(group.ownerOf(task)).toBe("b");
    expect(group.probe()).toBe(1);
    expect(group.tasks.filter((task) => group.ownerOf(task) === "b")).toHaveLength(3);
    expect(group.cold).toEqual([]);
  });

  test("moves at once to a member that can't warm up", () => {
    const owner = { ...offer([0, 1]), standbys: [], lags: [[0, 0, 1e6] as const, [1, 0, 1e6] as const] };
    const { giving, probing } = assignTasks(
      [
        { memberId: "a", generation: 1, offers: [owner] },
        { memberId: "b", generation: -1, offers: [offer([])] },
      ],
      basic,
    );
    expect([...giving]).toEqual(["a"]);
    expect(probing).toBe(false);
  });

  test("that nobody runs goes to whoever has most of it on disk, and moves on when another has caught up", () => {
    const group = new Group([large], { standbyReplicas: 0 }).join("a", "b");
    for (const [at, task] of group.tasks.entries()) {
      group.members.get("a")?.states.set(task, 99_950);
      group.members.get("b")?.states.set(task, at * 10);
    }
    group.round();
    expect(group.tasks.map((task) => group.ownerOf(task))).toEqual(Array(6).fill("a"));
    group.probe();
    expect(group.tasks.filter((task) => group.ownerOf(task) === "b")).toHaveLength(3);
    expect(group.cold).toEqual([]);
  });
});

test("a task whose state is read soon moves at once", () => {
  const group = new Group([small], { standbyReplicas: 0 }).join("a");
  group.settle();
  group.join("b").settle();
  expect(group.tasks.filter((task) => group.ownerOf(task) === "b")).toHaveLength(2);
  expect(group.last?.probing).toBe(false);
});

test("whoever is to get a task keeps its standby until it is given", () => {
  const group = new Group([large], { standbyReplicas: 0 }).join("a");
  group.settle();
  group.join("b").settle();
  group.restore();
  const { giving } = group.round();
  expect([...giving]).toEqual(["a"]);
  expect(group.members.get("b")?.standbys.size).toBeGreaterThanOrEqual(2);
  group.round();
  expect(group.members.get("b")?.active.size).toBe(2);
});

test("a standby that is to move stays until the next one is caught up", () => {
  const group = new Group([large]).join("a", "b");
  group.settle();
  group.restore();
  group.join("c").settle();
  for (const task of group.tasks) {
    const warm = group.standbysOf(task).filter((id) => id !== "c");
    expect(warm.length, task).toBeGreaterThanOrEqual(1);
  }
  group.probe();
  expect(spread([...group.members.values()].map(({ standbys }) => standbys.size))).toBeLessThanOrEqual(1);
});

test("standbys are kept apart from their tasks, and from each other, by tags", () => {
  const group = new Group([large], { standbyReplicas: 2, rackAwareAssignmentTags: ["zone"] });
  for (const [id, zone] of Object.entries({ a1: "a", a2: "a", b1: "b", b2: "b", c1: "c", c2: "c" }))
    group.join(id).tags.set(id, { zone });
  group.settle();
  for (const task of group.tasks) {
    const zones = [group.ownerOf(task), ...group.standbysOf(task)].map(
      (id) => group.tags.get(id ?? "")?.["zone"],
    );
    expect(new Set(zones), task).toEqual(new Set(["a", "b", "c"]));
  }
});

const ids = fc.uniqueArray(fc.constantFrom<string[]>("a", "b", "c", "d", "e", "f"), {
  minLength: 1,
  maxLength: 5,
});
const cuts = fc
  .array(fc.record({ tasks: fc.integer({ min: 1, max: 8 }), records: fc.constantFrom(0, 50, 100_000) }), {
    minLength: 1,
    maxLength: 3,
  })
  .map((some) => some.map((cut, at) => ({ name: "pqr"[at] ?? "", ...cut })));

test(
  "whoever comes and goes: all run, nothing moves to where its state is not, ends balanced and at rest after finitely many probes",
  { timeout: 120_000 },
  () => {
    fc.assert(
      fc.property(
        cuts,
        fc.array(ids, { minLength: 2, maxLength: 4 }),
        fc.integer({ min: 0, max: 2 }),
        fc.integer({ min: 1, max: 3 }),
        fc.constantFrom(30_000, Infinity),
        (some, memberships, standbyReplicas, maxWarmupReplicas, speed) => {
          const group = new Group(some, { standbyReplicas, maxWarmupReplicas });
          for (const [at, now] of memberships.entries()) {
            group.die(...[...group.members.keys()].filter((id) => !now.includes(id))).join(...now);
            group.settle();
            for (const task of group.tasks) expect(group.ownerOf(task), task).toBeDefined();
            const stateful = group.tasks.filter((task) => group.recordsOf(task) > 0);
            const kept = stateful.flatMap((task) => group.standbysOf(task)).length;
            expect(kept).toBeLessThanOrEqual(stateful.length * standbyReplicas + maxWarmupReplicas);
            // Sometimes the next comes or goes while states are still being built.
            if (at % 2 === 0) group.restore(speed);
            else group.probe(speed);
          }
          group.probe(speed);
          expect(group.cold).toEqual([]);
          const members = [...group.members.values()];
          for (const { name } of some) {
            const counts = members.map(
              ({ active }) => [...active].filter((task) => task.startsWith(`${name}-`)).length,
            );
            expect(spread(counts), name).toBeLessThanOrEqual(1);
          }
          for (const task of group.tasks)
            expect(group.standbysOf(task)).toHaveLength(
              group.recordsOf(task) === 0 ? 0 : Math.min(standbyReplicas, members.length - 1),
            );
          const before = JSON.stringify(
            [...group.members].map(([id, has]) => [id, [...has.active], [...has.standbys]]),
          );
          group.round();
          expect(
            JSON.stringify([...group.members].map(([id, has]) => [id, [...has.active], [...has.standbys]])),
          ).toBe(before);
        },
      ),
      { numRuns: 150 },
    );
  },
);
