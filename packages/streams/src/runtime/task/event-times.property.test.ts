import fc from "fast-check";
import { expect, test } from "vitest";
import { nullable, stream, string, to, topic, topology } from "../../index.ts";
import { TestDriver } from "../../testing/index.ts";

const output = topic("out", { key: nullable(string()), value: nullable(string()) });

/** What an extractor may come up with: dates that are none, numbers that are no times, and what is no number at all. */
const answers = fc.oneof(
  fc.anything({ withBigInt: true, withDate: true, withSparseArray: true }),
  fc.double(),
  fc.integer({ min: -5, max: 5 }),
  fc.constantFrom(
    Number.NaN,
    Number.POSITIVE_INFINITY,
    2 ** 53,
    -(2 ** 53),
    -0,
    1.5,
    Date.parse("yesterday"),
    "2026-03-02T08:00:00Z",
  ),
);

const isTime = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0;
const leavesOut = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) < 0;

test("whatever an extractor answers, its record is processed, left out and counted, or dead-lettered with a reason", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(answers, fc.boolean()), { maxLength: 5 }), (all) => {
      let next = 0;
      const dated = topic("in", {
        key: nullable(string()),
        value: nullable(string()),
        timestamp: () => {
          const [answer, throws] = all[next++] ?? [0, false];
          if (throws) throw answer;
          return answer as number;
        },
      });
      const driver = new TestDriver(topology("dated", stream(dated).pipe(to(output))), {
        deadLetterTopic: "letters",
      });
      for (const [index] of all.entries()) driver.pipeInput(dated, "k", String(index));
      const written = driver.readOutput(output);
      expect(written.map(({ value }) => value)).toEqual(
        all.flatMap(([answer, throws], index) => (!throws && isTime(answer) ? [String(index)] : [])),
      );
      for (const { timestamp } of written) expect(isTime(timestamp)).toBe(true);
      const out = all.filter(([answer, throws]) => !throws && leavesOut(answer)).length;
      expect(driver.metrics.negativeTimestamps).toBe(out);
      const dead = [...driver.metrics.deadLettered.values()].reduce((sum, count) => sum + count, 0);
      expect(dead).toBe(all.length - written.length - out);
      expect(driver.produced.filter(({ topic: name }) => name === "letters")).toHaveLength(dead);
    }),
  );
});
