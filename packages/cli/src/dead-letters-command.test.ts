import { expect, test } from "vitest";
import { deadLetters } from "./dead-letters-command.ts";

const refusal = (...args: readonly string[]): Promise<string> =>
  deadLetters.run(args).then(
    () => "it was taken",
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );

// None of these gets as far as a broker: there is none.
test("refuses an option that the action has no use for", async () => {
  expect(await refusal("list", "t", "--brokers", "b:1", "--at", "0:1", "--dry-run")).toMatch(
    /^--at, --dry-run is of no use to dead-letters list, which takes --brokers, --reason/,
  );
  expect(await refusal("show", "t", "--at", "0:1", "--reason", "X")).toMatch(/^--reason is of no use to/);
  expect(await refusal("replay", "t", "--all", "--json")).toMatch(
    /^--json is of no use to dead-letters replay/,
  );
});

test("refuses an action that it does not have, and arguments too many", async () => {
  for (const args of [["t"], ["delete", "t"], ["list"], ["list", "t", "u"], ["constructor", "t"]])
    expect(await refusal(...args), args.join(" ")).toMatch(/^millrace dead-letters list TOPIC/);
});

test("refuses a choice that is none", async () => {
  expect(await refusal("list", "t", "--limit", "-1")).toMatch(/--limit/);
  expect(await refusal("list", "t", "--limit=1.5")).toMatch(/^--limit is "1.5"; it must be a whole number/);
  expect(await refusal("show", "t")).toMatch(/^say which: --at PARTITION:OFFSET, once/);
  expect(await refusal("show", "t", "--at", "0:1", "--at", "0:2")).toMatch(/^say which: .*, once/);
  expect(await refusal("replay", "t", "--at", "0:1", "--all")).toMatch(/only one of these/);
});
