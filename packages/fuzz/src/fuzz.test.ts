import fc from "fast-check";
import { expect, test } from "vitest";
import { fuzz } from "./fuzz.ts";
import { targets } from "./targets.ts";

test.each(targets)("$name: a value or an error of ours, for a second of garbage", async (target) => {
  const { failure, inputs } = await fuzz(target, Date.now() % 2 ** 31, 1_000);
  expect(failure).toBeUndefined();
  expect(inputs).toBeGreaterThan(0);
});

test("reports a target that throws anything else, with the seed", async () => {
  const broken = {
    name: "broken",
    property: () =>
      fc.property(fc.nat(), (n) => {
        if (n > 1_000) throw new TypeError("no error of ours");
      }),
  };
  expect((await fuzz(broken, 7, 5_000)).failure).toMatch(/^broken, seed 7:\n[^]*1001[^]*no error of ours/);
});
