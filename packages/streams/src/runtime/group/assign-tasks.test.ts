import fc from "fast-check";
import { expect, test } from "vitest";
import { type AssignableMember, assignTasks } from "./assign-tasks.ts";

const tasks = (count: number): readonly string[] => Array.from({ length: count }, (_, n) => `0_${n}`);

/** Members as they join again after an assignment: each has given up what it lost. */
const after = (
  assigned: ReadonlyMap<string, readonly string[]>,
  ids: readonly string[],
  generation: number,
) => ids.map((memberId): AssignableMember => ({ memberId, owned: assigned.get(memberId) ?? [], generation }));

const fresh = (ids: readonly string[]): readonly AssignableMember[] =>
  ids.map((memberId) => ({ memberId, owned: [], generation: -1 }));

const converge = (all: readonly string[], start: readonly AssignableMember[]) => {
  let assigned = assignTasks(all, start);
  let rounds = 1;
  for (; [...assigned.values()].flat().length < all.length; rounds++) {
    if (rounds > 3) throw new Error("does not converge");
    assigned = assignTasks(
      all,
      after(
        assigned,
        start.map(({ memberId }) => memberId),
        rounds,
      ),
    );
  }
  return { assigned, rounds };
};

test("gives everything to a single member", () => {
  expect(assignTasks(tasks(3), fresh(["a"])).get("a")).toEqual(["0_0", "0_1", "0_2"]);
});

test("first takes away, and only in the next round gives, what has to move", () => {
  const all = tasks(4);
  const first = assignTasks(all, [
    { memberId: "a", owned: all, generation: 1 },
    { memberId: "b", owned: [], generation: -1 },
  ]);
  expect(first.get("a")).toHaveLength(2);
  expect(first.get("b")).toEqual([]);
  const second = assignTasks(all, after(first, ["a", "b"], 2));
  expect(second.get("a")).toEqual(first.get("a"));
  expect(second.get("b")).toHaveLength(2);
});

test("of two that claim a task, the one of the later generation has it", () => {
  const assigned = assignTasks(tasks(1), [
    { memberId: "a", owned: ["0_0"], generation: 3 },
    { memberId: "z", owned: ["0_0"], generation: 4 },
  ]);
  expect(assigned.get("z")).toEqual(["0_0"]);
});

test("always ends balanced and complete, never has two owners, and moves no more than it must", () => {
  const ids = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(fc.nat({ max: 40 }), ids, ids, (count, before, now) => {
      const all = tasks(count);
      const { assigned: old } = converge(all, fresh(before));
      const joined = now.map((memberId) => ({ memberId, owned: old.get(memberId) ?? [], generation: 1 }));
      const first = assignTasks(all, joined);
      for (const [memberId, given] of first)
        for (const task of given) {
          const owner = joined.find(({ owned }) => owned.includes(task));
          expect(owner === undefined || owner.memberId === memberId).toBe(true);
        }
      const { assigned } = converge(all, joined);
      const given = [...assigned.values()];
      expect(given.flat().toSorted()).toEqual([...all].toSorted());
      const sizes = given.map(({ length }) => length);
      expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
      const same = [...before].toSorted().join() === [...now].toSorted().join();
      const moved = now.filter(
        (id) => assigned.get(id)?.toSorted().join() !== old.get(id)?.toSorted().join(),
      );
      expect(same && moved.length > 0).toBe(false);
    }),
  );
});
