import { expect, test } from "vitest";
import { resetText } from "./report-reset.ts";

const plan = {
  application: "counting",
  members: 1,
  offsets: [{ topic: "words", partition: 0, committed: 9, begin: 0, end: 9, lag: 0, target: 3 }],
  internal: ["counting-counts-changelog", "counting-words-repartition"],
};

test("a dry run says what would be, and who is in the way", () => {
  expect(resetText(plan, true)).toEqual([
    'Would reset "counting":',
    "",
    "TOPIC  PARTITION  COMMITTED  NEW",
    "words          0          9    3",
    "",
    "counting-counts-changelog: would be deleted, and made anew",
    "counting-words-repartition: would be deleted",
    "",
    expect.stringMatching(/^State directories/),
    "",
    "It runs now, with 1 member: it must be stopped first, or the reset is refused.",
  ]);
});

test("a reset says what was done", () => {
  const text = resetText({ ...plan, members: 0 }, false);
  expect(text[0]).toBe('Reset "counting":');
  expect(text).toContain("counting-words-repartition: deleted");
  expect(text.at(-1)).toMatch(/^State directories/);
});
