import { expect, test } from "vitest";
import { programArguments } from "./program-arguments.ts";

const read = (...given: readonly string[]) => programArguments(given, ["import"]);

test("reads what a program is called with", () => {
  expect(read()).toEqual({ help: false, version: false, command: undefined, createTopics: undefined });
  expect(read("--create-topics", "--partitions", "12").createTopics).toEqual({ partitions: 12 });
  expect(read("--create-topics").createTopics).toEqual({ partitions: undefined });
  expect(read("import").command).toBe("import");
});

test.each([
  [
    ["--partitions", "0", "--create-topics"],
    '--partitions is "0"; it must be a whole number from 1 to 100000',
  ],
  [["--partitions", "6.0", "--create-topics"], '--partitions is "6.0"'],
  [["--partitions", "1e3", "--create-topics"], '--partitions is "1e3"'],
  [["--partitions", "", "--create-topics"], '--partitions is ""'],
  [["--partitions", "6"], "--partitions is of no use without --create-topics"],
  [["export"], '"export" is no command; there is import; see --help'],
  [["import", "twice"], '"import twice" is no command'],
  [["--create-topic"], "'--create-topic'"],
])("refuses %j", (given, message) => {
  expect(() => read(...given)).toThrow(
    expect.objectContaining({ code: "USAGE", message: expect.stringContaining(message) }),
  );
});
