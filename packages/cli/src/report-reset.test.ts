import { expect, test } from "vitest";
import { resetText } from "./report-reset.ts";

test("a dry run says what would be", () => {
  const plan = { application: "counting", offsets: [], internal: [] };
  expect(resetText(plan, true)[0]).toBe('Would reset "counting":');
  expect(resetText(plan, false)[0]).toBe('Reset "counting":');
});
