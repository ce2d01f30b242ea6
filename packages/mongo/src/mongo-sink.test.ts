import { setTimeout as sleep } from "node:timers/promises";
import fc from "fast-check";
import { MongoNetworkError } from "mongodb";
import { describe, expect, test } from "vitest";
import { guardedEffect } from "../test/guarded-effect.ts";
import { MemoryTarget } from "../test/memory-target.ts";
import type { Effect } from "./effect.ts";
import { MongoSink } from "./mongo-sink.ts";

const refused: Effect = {
  position: { topicId: "things-topic", partition: 3, offset: 17 },
  key: "refused",
  mark: true,
  writes: [
    { collection: "things", operation: { updateOne: { filter: {}, update: { $bad: {} }, upsert: true } } },
  ],
};

describe.each([{ supportsTransactions: false }, { supportsTransactions: true }])(
  "a sink, $supportsTransactions that there are transactions",
  ({ supportsTransactions }) => {
    test("applies effects with their marks, and says which found a newer document", async () => {
      const target = new MemoryTarget({ supportsTransactions });
      const sink = new MongoSink(target);
      target.insert("things", { _id: "b", version: 9 });
      const outcomes = await Promise.all(
        [guardedEffect("a", 1), guardedEffect("b", 2), guardedEffect("a", 3), guardedEffect("c", 4)].map(
          (effect) => sink.apply(effect),
        ),
      );
      expect(outcomes).toEqual(["applied", "older", "applied", "applied"]);
      const versions = target.documents("things").map(({ _id, version }) => [_id, version] as const);
      expect(Object.fromEntries(versions)).toEqual({ a: 3, b: 9, c: 4 });
      const positions = [1, 2, 3, 4, 5].map((offset) => ({ topicId: "things-topic", partition: 0, offset }));
      expect(await sink.alreadyApplied(positions)).toEqual([true, true, true, true, false]);
    });

    test("does the other writes of an effect that is older in one", async () => {
      const target = new MemoryTarget({ supportsTransactions });
      target.insert("things", { _id: "a", version: 9 });
      const effect = {
        ...guardedEffect("a", 5),
        writes: [...guardedEffect("a", 5).writes, ...guardedEffect("a", 5, { collection: "others" }).writes],
      };
      expect(await new MongoSink(target).apply(effect)).toBe("older");
      expect(target.documents("others")).toEqual([{ _id: "a", version: 5 }]);
    });

    test("applies a newer one that loses the race for inserting", async () => {
      const target = new MemoryTarget({ supportsTransactions });
      let once = true;
      target.beforeInsert = () => {
        if (once) target.insert("things", { _id: "a", version: 1 });
        once = false;
      };
      const outcome = await new MongoSink(target).apply(guardedEffect("a", 5, { mark: false }));
      expect(outcome).toBe("applied");
      expect(target.documents("things")).toEqual([{ _id: "a", version: 5 }]);
    });

    test("rejects an effect that is refused, and no other", async () => {
      const target = new MemoryTarget({ supportsTransactions });
      const sink = new MongoSink(target);
      const [bad, good] = await Promise.allSettled([sink.apply(refused), sink.apply(guardedEffect("a", 1))]);
      expect(good).toEqual({ status: "fulfilled", value: "applied" });
      expect(bad).toMatchObject({
        status: "rejected",
        reason: {
          code: "MONGO_WRITE",
          retriable: false,
          message: expect.stringContaining("things-topic-3 offset 17"),
        },
      });
      expect(await sink.alreadyApplied([refused.position])).toEqual([false]);
    });

    test("tries again until MongoDB answers, and says so once", async () => {
      const target = new MemoryTarget({ supportsTransactions });
      const lines: string[] = [];
      const sink = new MongoSink(target, { log: (level, message) => void lines.push(`${level} ${message}`) });
      let failures = 3;
      target.trouble = () => (failures-- > 0 ? new MongoNetworkError("cut") : undefined);
      const outcomes = Promise.all(
        Array.from({ length: 5 }, (_, index) => sink.apply(guardedEffect(`key ${index}`, index))),
      );
      await sleep(50);
      expect(sink.healthy).toBe(false);
      expect(new Set(await outcomes)).toEqual(new Set(["applied"]));
      expect(sink.healthy).toBe(true);
      expect(lines).toEqual([
        "warn MongoDB at memory fails, trying again until it answers: cut",
        "info MongoDB at memory answers again",
      ]);
    });

    test("gives up what is tried again when it is closed", async () => {
      const target = new MemoryTarget({ supportsTransactions });
      target.trouble = () => new MongoNetworkError("cut");
      const sink = new MongoSink(target);
      setTimeout(() => sink.close(), 20);
      await expect(sink.apply(guardedEffect("a", 1))).rejects.toMatchObject({
        code: "MONGO_CLOSED",
        retriable: true,
      });
    });

    test("ends where the last effect of each key leads, through any troubles, few batches at once", async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.constantFrom("a", "b", "c", "d"), { minLength: 1, maxLength: 30 }),
          fc.array(fc.boolean(), { maxLength: 2 }),
          async (keys, troubles) => {
            const target = new MemoryTarget({ supportsTransactions });
            target.trouble = () => (troubles.shift() === true ? new MongoNetworkError("cut") : undefined);
            const sink = new MongoSink(target, { maxBatch: 3, maxConcurrentBatches: 2 });
            await Promise.all(keys.map((key, version) => sink.apply(guardedEffect(key, version))));
            expect(target.mostOnTheWire).toBeLessThanOrEqual(2);
            const last = Object.fromEntries(keys.map((key, version) => [key, version]));
            const found = target.documents("things").map(({ _id, version }) => [_id, version] as const);
            expect(Object.fromEntries(found)).toEqual(last);
          },
        ),
        { numRuns: 25 },
      );
    });
  },
);

test("writes nothing of an effect that is marked, where there are transactions", async () => {
  const target = new MemoryTarget({ supportsTransactions: true });
  const sink = new MongoSink(target);
  await sink.apply(guardedEffect("a", 5));
  expect(await sink.apply({ ...guardedEffect("a", 5), writes: guardedEffect("b", 5).writes })).toBe(
    "repeated",
  );
  expect(target.documents("things")).toHaveLength(1);
});

test("sends the effects of different keys as one bulk write", async () => {
  const target = new MemoryTarget();
  const sink = new MongoSink(target);
  await Promise.all(
    Array.from({ length: 50 }, (_, index) => sink.apply(guardedEffect(`key ${index}`, index))),
  );
  expect(target.writes.map(({ collection, operations }) => [collection, operations.length])).toEqual([
    ["things", 50],
    ["processed_events", 50],
  ]);
});

test("looks up together what is asked together", async () => {
  const target = new MemoryTarget();
  const sink = new MongoSink(target);
  await sink.apply(guardedEffect("a", 5));
  const positions = [4, 5, 6].map((offset) => ({ topicId: "things-topic", partition: 0, offset }));
  const answers = await Promise.all(positions.map((position) => sink.alreadyApplied([position])));
  expect(answers).toEqual([[false], [true], [false]]);
  expect(target.finds).toBe(1);
  expect(await sink.alreadyApplied([])).toEqual([]);
});
