import { expect, test } from "vitest";
import { parseChoice } from "./parse-choice.ts";

test("wants exactly one way of choosing", () => {
  expect(() => parseChoice({})).toThrow(/either --at PARTITION:OFFSET .* or --reason CODE, .* or --all$/);
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

test("takes what letters must have, all of it together", () => {
  expect(
    parseChoice({ reason: "X", "from-topic": "in", since: "2026-03-02", until: "2026-03-02T10:00:00+01:00" }),
  ).toEqual({
    by: "filter",
    reason: "X",
    topic: "in",
    since: Date.UTC(2026, 2, 2),
    until: Date.UTC(2026, 2, 2, 9),
  });
  expect(() => parseChoice({ since: "yesterday" })).toThrow(
    /^--since is "yesterday"; it must be a time such as 2026-03-02T10:00:00Z$/,
  );
  expect(() => parseChoice({ since: "2026-03-02", until: "2026-03-02T01:00:00+01:00" })).toThrow(
    /^--until is "2026-03-02T01:00:00\+01:00", which is not after --since, "2026-03-02": nothing can lie/,
  );
  expect(() => parseChoice({ since: "2026-02-30" })).toThrow(/^--since is "2026-02-30"; it must be a time/);
  expect(() => parseChoice({ all: true, until: "2026-03-02" })).toThrow(/only one of these/);
});
