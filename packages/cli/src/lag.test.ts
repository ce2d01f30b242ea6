import { expect, test } from "vitest";
import { lagText } from "./lag.ts";

test("sums up how far an application is behind", () => {
  const offsets = [0, 1].map((partition) => ({
    topic: "clicks",
    partition,
    committed: 3,
    begin: 0,
    end: 5,
    lag: 2,
  }));
  expect(lagText("counting", offsets).at(-1)).toBe("4 records behind in 2 partitions");
  const one = offsets.slice(0, 1).map((offset) => ({ ...offset, lag: 1 }));
  expect(lagText("counting", one).at(-1)).toBe("1 record behind in 1 partition");
  expect(lagText("new", [])).toEqual(['"new" has committed nothing']);
});
