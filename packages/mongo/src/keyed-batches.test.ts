import { setTimeout as sleep } from "node:timers/promises";
import fc from "fast-check";
import { expect, test } from "vitest";
import { KeyedBatches } from "./keyed-batches.ts";

interface Numbered {
  readonly key: string;
  readonly number: number;
}

test("keeps each key's order and its limits, whatever comes when and takes how long", async () => {
  const arrivals = fc.array(fc.record({ key: fc.constantFrom("a", "b", "c", "d", "e"), gap: fc.boolean() }), {
    maxLength: 60,
  });
  await fc.assert(
    fc.asyncProperty(
      arrivals,
      fc.integer({ min: 1, max: 5 }),
      fc.integer({ min: 1, max: 3 }),
      async (all, maxBatch, maxConcurrentBatches) => {
        const done: Numbered[] = [];
        const busy = new Set<string>();
        let onTheWire = 0;
        const batches = new KeyedBatches<Numbered, number>(
          async (batch) => {
            onTheWire++;
            expect(onTheWire).toBeLessThanOrEqual(maxConcurrentBatches);
            expect(batch.length).toBeLessThanOrEqual(maxBatch);
            for (const { key } of batch) {
              expect(busy.has(key)).toBe(false);
              busy.add(key);
            }
            if (batch.length % 2 === 0) await sleep(0);
            for (const { key } of batch) busy.delete(key);
            done.push(...batch);
            onTheWire--;
            return batch.map(({ number }) => ({ status: "fulfilled", value: number }));
          },
          { maxBatch, maxConcurrentBatches },
        );
        const answers: Promise<number>[] = [];
        for (const [number, { key, gap }] of all.entries()) {
          answers.push(batches.add({ key, number }));
          if (gap) await sleep(0);
        }
        expect(await Promise.all(answers)).toEqual(all.map((_, number) => number));
        for (const key of busy) expect(key).toBeUndefined();
        for (const key of ["a", "b", "c", "d", "e"]) {
          const numbers = done.filter((one) => one.key === key).map(({ number }) => number);
          expect(numbers).toEqual(numbers.toSorted((one, other) => one - other));
        }
        expect(done).toHaveLength(all.length);
      },
    ),
    { numRuns: 100 },
  );
});

test("gathers what comes while a batch is on the wire", async () => {
  const sizes: number[] = [];
  const sent = Promise.withResolvers<void>();
  const answered = Promise.withResolvers<void>();
  const batches = new KeyedBatches<Numbered, undefined>(
    async (batch) => {
      sizes.push(batch.length);
      sent.resolve();
      await answered.promise;
      return batch.map(() => ({ status: "fulfilled", value: undefined }));
    },
    { maxBatch: 100, maxConcurrentBatches: 1 },
  );
  const first = batches.add({ key: "first", number: 0 });
  await sent.promise;
  const others = Array.from({ length: 50 }, (_, number) => batches.add({ key: String(number), number }));
  answered.resolve();
  await Promise.all([first, ...others]);
  expect(sizes).toEqual([1, 50]);
});

test("what comes in one turn of the event loop goes together, whichever answer brought it", async () => {
  const sizes: number[] = [];
  const batches = new KeyedBatches<Numbered, undefined>(
    (batch) => {
      sizes.push(batch.length);
      return Promise.resolve(batch.map(() => ({ status: "fulfilled", value: undefined })));
    },
    { maxBatch: 100, maxConcurrentBatches: 4 },
  );
  const answers: Promise<undefined>[] = [];
  for (let number = 0; number < 20; number++) {
    answers.push(batches.add({ key: String(number), number }));
    await Promise.resolve();
  }
  await Promise.all(answers);
  expect(sizes).toEqual([20]);
});

test("goes on with a key after a failure", async () => {
  const batches = new KeyedBatches<Numbered, string>(
    async (batch) => {
      if (batch.some(({ number }) => number === 0)) throw new Error("the first batch");
      return batch.map(() => ({ status: "fulfilled", value: "ok" }));
    },
    { maxBatch: 10, maxConcurrentBatches: 2 },
  );
  const [one, other] = await Promise.allSettled([
    batches.add({ key: "a", number: 0 }),
    batches.add({ key: "a", number: 1 }),
  ]);
  expect(one?.status).toBe("rejected");
  expect(other).toEqual({ status: "fulfilled", value: "ok" });
});
