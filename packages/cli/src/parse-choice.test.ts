import { expect, test } from "vitest";
import { parseChoice } from "./parse-choice.ts";

test("wants exactly one way of choosing", () => {
  expect(() => parseChoice({})).toThrow(/either --at PARTITION:OFFSET .* or --reason CODE, or --all$/);
  expect(() => parseChoice({ all: true, reason: "X" })).toThrow(/only one of these/);
  expect(() => parseChoice({ at: ["7"] })).toThrow(/--at is "7"; it must be PARTITION:OFFSET, such as 0:42/);
  expect(parseChoice({ at: ["0:4", "1:2"] })).toEqual({
    by: "place",
    places: [
      { partition: 0, offset: 4 },
      { partition: 1, offset: 2 },
    ],
  });
});
