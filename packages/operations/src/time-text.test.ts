import { expect, test } from "vitest";
import { timeText } from "./time-text.ts";

test.each([
  [0, "1970-01-01T00:00:00.000Z"],
  [-1, "1969-12-31T23:59:59.999Z"],
  [1_767_225_600_000_000, "+057971-02-25T00:00:00.000Z"],
  // Nanoseconds.
  [1_767_225_600_000_000_000, "1767225600000000000"],
  [Number.NaN, "NaN"],
])("tells %d as %s", (timestamp, text) => {
  expect(timeText(timestamp)).toBe(text);
});
