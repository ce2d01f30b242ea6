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

/** Makes version `to` of version `from` of a thing, and says so elsewhere. */
const revision = (key: string, from: number, to: number, offset = to): Effect => ({
  position: { topicId: "things-topic", partition: 0, offset },
  key,
  mark: true,
  writes: [
    {
      collection: "things",
      operation: {
        updateOne: { filter: { _id: key as never, version: from }, update: { $set: { version: to } } },
      },
      proof: { _id: key, version: to },
    },
    {
      collection: "others",
      operation: { updateOne: { filter: { _id: key as never }, update: { $set: { to } }, upsert: true } },
    },
  ],
});

const marked = (effect: Effect): Effect => ({
  ...effect,
  mark: {
    updateOne: {
      filter: { _id: effect.key as never },
      update: { $set: { at: effect.position.offset } },
      upsert: true,
    },
  },
});

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

    test("does not apply what has changed since it was decided: the caller decides anew", async () => {
      const target = new MemoryTarget({ supportsTransactions });
      const sink = new MongoSink(target);
      target.insert("things", { _id: "a", version: 1 });
      target.insert("things", { _id: "b", version: 7 });
      target.insert("things", { _id: "c", version: 3 });
      const outcomes = [];
      // Together with others, and alone.
      outcomes.push(
        ...(await Promise.all(
          [revision("a", 1, 2), revision("b", 1, 3), revision("c", 3, 4)].map((effect) => sink.apply(effect)),
        )),
      );
      outcomes.push(await sink.apply(revision("b", 2, 5)), await sink.apply(revision("b", 7, 8)));
      expect(outcomes).toEqual(["applied", "stale", "applied", "stale", "applied"]);
      const versions = target.documents("things").map(({ _id, version }) => [_id, version] as const);
      expect(Object.fromEntries(versions)).toEqual({ a: 2, b: 8, c: 4 });
      const positions = [2, 3, 4, 5, 8].map((offset) => ({ topicId: "things-topic", partition: 0, offset }));
      expect(await sink.alreadyApplied(positions)).toEqual([true, false, true, false, true]);
      const others = target.documents("others").map(({ _id }) => String(_id));
      // Without transactions the rest of a stale effect may have been written.
      expect(others.toSorted()).toEqual(["a", "b", "c"]);
    });

    test("says applied of a write that was done before: its proof is there", async () => {
      const target = new MemoryTarget({ supportsTransactions });
      const sink = new MongoSink(target);
      target.insert("things", { _id: "a", version: 2 });
      expect(await sink.apply(revision("a", 1, 2))).toBe("applied");
      const others = [revision("a", 1, 2, 9), revision("b", 1, 2, 10)];
      target.insert("things", { _id: "b", version: 1 });
      expect(await Promise.all(others.map((effect) => sink.apply(effect)))).toEqual(["applied", "applied"]);
    });

    test("never inserts over what somebody else has inserted", async () => {
      const target = new MemoryTarget({ supportsTransactions });
      target.insert("things", { _id: "a", version: 1 });
      const effect: Effect = {
        ...revision("a", 1, 5),
        writes: [
          {
            collection: "things",
            operation: {
              updateOne: {
                filter: { _id: "a" as never },
                update: { $setOnInsert: { version: 5 } },
                upsert: true,
              },
            },
            proof: { _id: "a", version: 5 },
          },
        ],
      };
      expect(await new MongoSink(target).apply(effect)).toBe("stale");
      expect(target.documents("things")).toEqual([{ _id: "a", version: 1 }]);
    });

    test("remembers an effect by an upsert of its own, after its writes and only with them", async () => {
      const target = new MemoryTarget({ supportsTransactions });
      const sink = new MongoSink(target);
      target.insert("things", { _id: "a", version: 1 });
      target.insert("things", { _id: "b", version: 1 });
      await Promise.all(
        [revision("a", 1, 2), revision("b", 7, 8), guardedEffect("c", 3)].map((effect) =>
          sink.apply(marked(effect)),
        ),
      );
      expect(await sink.apply(marked(revision("a", 2, 4)))).toBe("applied");
      const marks = target.documents("processed_events").map(({ _id, at }) => [_id, at] as const);
      expect(Object.fromEntries(marks)).toEqual({ a: 4, c: 3 });
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
      let away = true;
      target.trouble = () => (away ? new MongoNetworkError("cut") : undefined);
      const outcomes = Promise.all(
        Array.from({ length: 5 }, (_, index) => sink.apply(guardedEffect(`key ${index}`, index))),
      );
      await expect.poll(() => sink.healthy).toBe(false);
      away = false;
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

test("asks once which of a batch are marked already, and writes the others together", async () => {
  const target = new MemoryTarget({ supportsTransactions: true });
  const sink = new MongoSink(target);
  const effects = Array.from({ length: 50 }, (_, index) => guardedEffect(`key ${index}`, index));
  await Promise.all(effects.filter((_, index) => index % 5 > 0).map((effect) => sink.apply(effect)));
  target.writes.length = 0;
  const outcomes = await Promise.all(effects.map((effect) => sink.apply(effect)));
  expect(outcomes).toEqual(effects.map((_, index) => (index % 5 > 0 ? "repeated" : "applied")));
  expect(target.finds).toBe(1);
  expect(target.writes.map(({ collection, operations }) => [collection, operations.length])).toEqual([
    ["processed_events", 50],
    ["processed_events", 10],
    ["things", 10],
  ]);
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

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test("sends more at a time, up to 256, while the server takes long", async () => {
  const target = new MemoryTarget({ supportsTransactions: true });
  const sink = new MongoSink(target, { maxConcurrentBatches: 1 });
  const effects = Array.from({ length: 300 }, (_, index) => guardedEffect(`key ${index}`, index));
  const first = sink.apply(effects[0] ?? guardedEffect("", 0));
  await turn();
  await Promise.all([first, ...effects.slice(1).map((effect) => sink.apply(effect))]);
  const marks = target.writes.filter(({ collection }) => collection === "processed_events");
  expect(marks.map(({ operations }) => operations.length)).toEqual([1, 256, 43]);
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
