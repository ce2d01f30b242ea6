import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { AssignableMember } from "./assignable-member.ts";
import { assignTasks as assign, type GroupAssignment } from "./assign-tasks.ts";
import type { AssignmentPolicy } from "./assignment-policy.ts";
import type { AssignedPartitions } from "./assigned-partitions.ts";
import type { SubTopologyDescription } from "./subscription.ts";

const policy: AssignmentPolicy = {
  standbyReplicas: 0,
  acceptableRecoveryLag: 10_000,
  maxWarmupReplicas: 2,
  rackAwareAssignmentTags: [],
};
const assignTasks = (group: readonly AssignableMember[]): GroupAssignment => assign(group, policy);

const subTopology = (
  name: string,
  tasks: number,
  stores: readonly string[] = [],
): SubTopologyDescription => ({
  identity: `${name}|${stores.join()}`,
  sources: name.split(","),
  stores,
  tasks,
});

const names = (tasks: readonly AssignedPartitions[] = []): readonly string[] =>
  tasks.flatMap(({ identity, partitions }) => partitions.map((partition) => `${identity}-${partition}`));

/** A member of one version of a topology that runs tasks, given by their names. */
const member = (
  memberId: string,
  version: readonly SubTopologyDescription[],
  owned: readonly string[] = [],
  generation = 1,
): AssignableMember => ({
  memberId,
  generation,
  offers: version.map((offered) => ({
    ...offered,
    owned: Array.from({ length: offered.tasks }, (_, partition) => partition).filter((partition) =>
      owned.includes(`${offered.identity}-${partition}`),
    ),
  })),
});

/** What is left of it to one that may have come back with another version of the topology. */
const stillRuns = (
  version: readonly SubTopologyDescription[] = [],
  had: readonly AssignedPartitions[],
): readonly string[] =>
  names(had.filter(({ identity }) => version.some((offered) => offered.identity === identity)));

type Versions = ReadonlyMap<string, readonly SubTopologyDescription[]>;

const members = (
  versions: Versions,
  before: GroupAssignment["assigned"],
  generation: number,
): readonly AssignableMember[] =>
  [...versions].map(([id, version]) => member(id, version, names(before.get(id)), generation));

/** Rounds until nothing moves any more; fails where a task is given to one member while another still runs it. */
const settle = (
  versions: Versions,
  before: GroupAssignment["assigned"] = new Map(),
): GroupAssignment & { readonly rounds: number } => {
  let running = before;
  for (let rounds = 1; ; rounds++) {
    const now = assignTasks(members(versions, running, rounds));
    for (const [other, had] of running) {
      const runs = new Set(stillRuns(versions.get(other), had));
      for (const [id, given] of now.assigned)
        if (id !== other && names(given).some((task) => runs.has(task)))
          throw new Error(`${id} is given what ${other} still runs`);
    }
    const same = [...now.assigned].every(
      ([id, given]) => names(given).join() === names(running.get(id)).join(),
    );
    if (same) return { ...now, rounds };
    if (rounds > 5) throw new Error("does not come to rest");
    running = now.assigned;
  }
};

const tasksOf = ({ assigned }: GroupAssignment, id: string): readonly string[] => names(assigned.get(id));
const everyTask = (version: readonly SubTopologyDescription[]): readonly string[] =>
  version.flatMap(({ identity, tasks }) => Array.from({ length: tasks }, (_, at) => `${identity}-${at}`));

const a = subTopology("a", 4);
const b = subTopology("b", 2);

test("gives everything to a single member", () => {
  expect(tasksOf(settle(new Map([["m", [a, b]]])), "m")).toEqual(everyTask([a, b]));
});

test("first takes away, and only in the next round gives, what has to move", () => {
  const first = assignTasks([member("m", [a], everyTask([a])), member("n", [a])]);
  expect(tasksOf(first, "m")).toEqual(["a|-0", "a|-1"]);
  expect(tasksOf(first, "n")).toEqual([]);
  expect([...first.giving], "who has what is meant for others").toEqual(["m"]);
  const second = assignTasks([member("m", [a], tasksOf(first, "m")), member("n", [a])]);
  expect(tasksOf(second, "m")).toEqual(tasksOf(first, "m"));
  expect(tasksOf(second, "n")).toEqual(["a|-2", "a|-3"]);
  expect(second.giving.size).toBe(0);
});

test("of two that claim a task, the one of the later generation has it", () => {
  const one = subTopology("a", 1);
  const { assigned } = assignTasks([member("m", [one], ["a|-0"], 3), member("z", [one], ["a|-0"], 4)]);
  expect(names(assigned.get("z"))).toEqual(["a|-0"]);
  expect(names(assigned.get("m"))).toEqual([]);
});

test("shares out each sub-topology, not just their sum", () => {
  const version = [subTopology("a", 4), subTopology("b", 4)];
  const { assigned } = settle(
    new Map([
      ["m", version],
      ["n", version],
    ]),
    new Map([["m", [{ identity: "a|", partitions: [0, 1, 2, 3] }]]]),
  );
  for (const given of assigned.values())
    expect(given.map(({ partitions }) => partitions.length)).toEqual([2, 2]);
});

describe("members with different versions of a topology", () => {
  const added = subTopology("added", 3);

  test("run what they have: a stream that was added goes to the new ones, the others stay shared", () => {
    const old = [a, b];
    const result = settle(
      new Map([
        ["m", old],
        ["n", [added, a, b]],
      ]),
      new Map([
        [
          "m",
          [
            { identity: "a|", partitions: [0, 1, 2, 3] },
            { identity: "b|", partitions: [0, 1] },
          ],
        ],
      ]),
    );
    expect(tasksOf(result, "n")).toEqual(expect.arrayContaining([...everyTask([added])]));
    expect([...tasksOf(result, "m"), ...tasksOf(result, "n")].toSorted()).toEqual(
      everyTask([added, a, b]).toSorted(),
    );
    expect(tasksOf(result, "m").length).toBe(3);
    expect(result.idle).toEqual([]);
  });

  test("which of two cuts of the same input runs is what most of them have, and the other waits", () => {
    const small = subTopology("a", 3, ["s"]);
    const large = subTopology("a", 3, ["s", "t"]);
    const before = new Map([["m", [{ identity: small.identity, partitions: [0, 1, 2] }]]]);
    const minority = settle(
      new Map([
        ["m", [small]],
        ["n", [small]],
        ["new", [large]],
      ]),
      before,
    );
    expect(tasksOf(minority, "new")).toEqual([]);
    expect(minority.idle).toEqual([{ ...large, insteadOf: [small.identity], unread: [] }]);
    const majority = settle(
      new Map([
        ["m", [small]],
        ["new", [large]],
        ["newer", [large]],
      ]),
      minority.assigned,
    );
    expect(tasksOf(majority, "m")).toEqual([]);
    expect([...tasksOf(majority, "new"), ...tasksOf(majority, "newer")].toSorted()).toEqual(
      everyTask([large]),
    );
  });

  test("where equally many have each of two cuts, the one that runs goes on", () => {
    const small = subTopology("a", 2);
    const large = subTopology("a", 2, ["s"]);
    const versions = new Map([
      ["m", [small]],
      ["n", [large]],
    ]);
    for (const running of [small, large]) {
      const owner = running === small ? "m" : "n";
      const result = settle(
        versions,
        new Map([[owner, [{ identity: running.identity, partitions: [0, 1] }]]]),
      );
      expect(tasksOf(result, owner)).toEqual(everyTask([running]));
    }
  });

  test("a task waits until the other cut has given up the same partition", () => {
    const small = subTopology("a", 2);
    const large = subTopology("a", 2, ["s"]);
    const round = assignTasks([
      member("m", [small], everyTask([small])),
      member("n", [large]),
      member("o", [large]),
    ]);
    expect([...round.assigned.values()].flat()).toEqual([]);
  });

  test("says whose input nobody reads", () => {
    const joined = subTopology("a,c", 4);
    const { idle } = settle(
      new Map([
        ["m", [a]],
        ["n", [a]],
        ["o", [joined]],
      ]),
    );
    expect(idle).toEqual([{ ...joined, insteadOf: ["a|"], unread: ["c"] }]);
  });
});

test("a member that knows of fewer partitions gets none that it does not know", () => {
  const grown = subTopology("a", 4);
  const result = settle(
    new Map([
      ["m", [subTopology("a", 1)]],
      ["n", [grown]],
    ]),
  );
  expect(tasksOf(result, "m")).toEqual(["a|-0"]);
  expect(tasksOf(result, "n")).toEqual(["a|-1", "a|-2", "a|-3"]);
});

test("gives a member that offers nothing nothing", () => {
  const { assigned } = assignTasks([member("m", [a]), member("mute", [])]);
  expect(assigned.get("mute")).toEqual([]);
  expect(names(assigned.get("m"))).toHaveLength(4);
});

const spread = (counts: readonly number[]): number => Math.max(...counts) - Math.min(...counts);
const ids = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 6 });
const topologies = fc.uniqueArray(
  fc.record({
    name: fc.constantFrom("p", "q", "r", "s", "t"),
    tasks: fc.integer({ min: 1, max: 9 }),
  }),
  { minLength: 1, maxLength: 5, selector: ({ name }) => name },
);

test(
  "ends balanced in each sub-topology and in total, complete, and moves nothing while nobody comes or goes",
  {
    timeout: 60_000,
  },
  () => {
    fc.assert(
      fc.property(topologies, ids, ids, (all, before, now) => {
        const version = all.map(({ name, tasks }) => subTopology(name, tasks));
        const versions = (some: readonly string[]): Versions => new Map(some.map((id) => [id, version]));
        const old = settle(versions(before));
        const { assigned, rounds, idle } = settle(versions(now), old.assigned);
        expect(idle).toEqual([]);
        // One that takes away, one that gives, seldom one for a task that was left over and is better off elsewhere now,
        // and one to see that nothing changes any more.
        expect(rounds).toBeLessThanOrEqual(4);
        expect([...assigned.values()].flatMap(names).toSorted()).toEqual(everyTask(version).toSorted());
        expect(spread([...assigned.values()].map((given) => names(given).length))).toBeLessThanOrEqual(1);
        for (const { identity } of version) {
          const counts = [...assigned.values()].map(
            (given) => given.find((one) => one.identity === identity)?.partitions.length ?? 0,
          );
          expect(spread(counts)).toBeLessThanOrEqual(1);
        }
        const again = settle(versions(now), assigned);
        expect(again.rounds).toBe(1);
        expect(again.assigned).toEqual(assigned);
      }),
    );
  },
);

test(
  "whatever mix of versions there is: comes to rest, nothing that overlaps runs, only what one can is given",
  {
    timeout: 60_000,
  },
  () => {
    const cuts = [
      subTopology("a", 3),
      subTopology("a", 3, ["s"]),
      subTopology("a,b", 4, ["s"]),
      subTopology("b", 4),
      subTopology("c", 2),
      subTopology("d", 2, ["t"]),
      subTopology("e", 2, ["t"]),
    ];
    const versions = fc.dictionary(
      fc.constantFrom("m", "n", "o", "p"),
      fc.subarray(cuts).map((some) => {
        const version: SubTopologyDescription[] = [];
        for (const cut of some)
          if (
            !version.some(
              ({ sources, stores }) =>
                sources.some((topic) => cut.sources.includes(topic)) ||
                stores.some((store) => cut.stores.includes(store)),
            )
          )
            version.push(cut);
        return version;
      }),
      { minKeys: 1 },
    );
    fc.assert(
      fc.property(fc.array(versions, { minLength: 1, maxLength: 4 }), (steps) => {
        let assigned: GroupAssignment["assigned"] = new Map();
        for (const step of steps) {
          const group = new Map(Object.entries(step));
          const result = settle(group, assigned);
          ({ assigned } = result);
          for (const [id, given] of assigned)
            for (const { identity } of given)
              expect(group.get(id)?.map((offered) => offered.identity)).toContain(identity);
          const offered = [...group.values()].flat();
          const idle = new Set(result.idle.map(({ identity }) => identity));
          const wanted = new Set(offered.filter(({ identity }) => !idle.has(identity)));
          const reads = [...wanted].flatMap(({ sources }) => sources);
          expect(new Set(reads).size).toBe(reads.length);
          expect([...assigned.values()].flatMap(names).toSorted()).toEqual(everyTask([...wanted]).toSorted());
        }
      }),
    );
  },
);
