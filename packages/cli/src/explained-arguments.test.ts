import { expect, test } from "vitest";
import type { Command } from "./command.ts";
import { explainedArguments } from "./explained-arguments.ts";
import { lag } from "./lag-command.ts";
import { reset } from "./reset-command.ts";

const refused = async (command: Command, name: string, args: readonly string[]): Promise<unknown> => {
  try {
    return await command.run(args);
  } catch (error) {
    return explainedArguments(error, name);
  }
};

test("an option that a command does not have, or that lacks its value, is told with where they are listed", async () => {
  expect(await refused(lag, "lag", ["app", "--topics", "t"])).toMatchObject({
    code: "USAGE",
    message: "Unknown option '--topics': millrace lag --help says what it takes",
  });
  expect(await refused(reset, "reset", ["app", "--to"])).toMatchObject({
    message: "Option '--to <value>' argument missing: millrace reset --help says what it takes",
  });
  expect(await refused(reset, "reset", ["app", "--to", "--dry-run"])).toMatchObject({
    message: "Option '--to' argument is ambiguous: millrace reset --help says what it takes",
  });
  expect(await refused(reset, "reset", ["app", "--to", "noon"])).toMatchObject({
    message: expect.stringMatching(/^--to is "noon"; it must be earliest/) as string,
  });
});
