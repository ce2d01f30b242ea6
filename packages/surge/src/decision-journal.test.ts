import { expect, test } from "vitest";
import { DecisionJournal } from "./decision-journal.ts";

const entry = (surgeConfigId: string, effectiveFrom: string, message: string) => ({
  message,
  fields: { surgeConfigId, effectiveFrom },
});

test("keeps the draft of each config and hour, and what was said of it since", () => {
  const journal = new DecisionJournal();
  journal.add(entry("a", "10:00", "too little history"), "skipped", 1);
  journal.add(entry("a", "10:00", "draft 1.2"), "draft", 2);
  journal.add(entry("b", "10:00", "draft 1.5"), "draft", 3);
  journal.add(entry("a", "10:00", "draft 1.3"), "draft", 4);
  expect(journal.decisions.map(({ sequence, at, message }) => [sequence, at, message])).toEqual([
    [3, 3, "draft 1.5"],
    [4, 4, "draft 1.3"],
  ]);
  journal.add(entry("a", "10:00", "older metric"), "skipped", 5);
  expect(journal.decisions.map(({ message }) => message)).toEqual(["draft 1.5", "draft 1.3", "older metric"]);
});

test("forgets the oldest where there are too many", () => {
  const journal = new DecisionJournal();
  for (let n = 0; n < 12_010; n++) journal.add(entry("a", String(n), `draft ${n}`), "draft", n);
  expect(journal.decisions).toHaveLength(12_000);
  expect(journal.decisions[0]?.message).toBe("draft 10");
});
