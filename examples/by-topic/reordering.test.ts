import { seconds } from "@millrace/streams";
import { TestDriver } from "@millrace/streams/testing";
import { expect, test } from "vitest";
import { ordered, readings, readingsInOrder } from "./reordering.ts";

test("readings that come out of order go on in the order of their times", () => {
  const driver = new TestDriver(readingsInOrder());
  for (const at of [5, 3, 9, 4, 3, 20]) driver.pipeInput(readings, `s${at}`, at, seconds(at));
  expect(driver.readOutput(ordered).map(({ key, timestamp }) => `${key}@${timestamp / 1000}`)).toEqual([
    "s3@3",
    "s3@3",
    "s4@4",
    "s5@5",
    "s9@9",
  ]);
});
