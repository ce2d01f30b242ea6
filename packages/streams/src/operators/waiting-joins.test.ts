import { expect, test } from "vitest";
import {
  leftJoin,
  type MillraceError,
  stream,
  string,
  table,
  to,
  topic,
  topology,
  versionedStore,
} from "../index.ts";
import { TestDriver } from "../testing/index.ts";

const text = { key: string(), value: string() };
const input = topic("in", text);
const output = topic("out", text);

const joiner = (value: string, row: string | null): string => {
  if (value === "bad") throw new Error("it is bad");
  return `${value}/${row ?? "none"}`;
};

test("a record that waited and can't be joined is left out alone, and keeps nobody behind it", () => {
  const errors: MillraceError[] = [];
  const rows = table(topic("rows", text), {
    store: versionedStore("rows", { ...text, historyRetention: 100 }),
  });
  const driver = new TestDriver(
    topology("t", stream(input).pipe(leftJoin(rows, joiner, { name: "j", grace: 10 }), to(output))),
    {
      handlers: {
        processing: (error) => {
          errors.push(error);
          return "skip";
        },
      },
    },
  );
  for (const [value, time] of [
    ["a", 1],
    ["bad", 2],
    ["b", 3],
    ["c", 20],
    ["d", 40],
  ] as const)
    driver.pipeInput(input, "k", value, time);
  expect(driver.readValues(output)).toEqual(["a/none", "b/none", "c/none"]);
  expect(errors.map(({ message }) => message)).toEqual([
    expect.stringMatching(/^"leftJoin" failed: it is bad/),
  ]);
});
