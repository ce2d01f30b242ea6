import { minutes, seconds } from "@millrace/streams";
import { TestDriver } from "@millrace/streams/testing";
import { expect, test } from "vitest";
import { logins, suspects, suspiciousUsers } from "./anomaly-detection.ts";

test("the fourth failure within a minute makes a suspect, four over two minutes do not", () => {
  const driver = new TestDriver(suspiciousUsers());
  for (const at of [10, 20, 30, 40]) driver.pipeInput(logins, "eve", "wrong password", seconds(at));
  for (const at of [10, 50, 70, 80]) driver.pipeInput(logins, "ann", "wrong password", seconds(at));
  expect(driver.readOutput(suspects)).toEqual([
    expect.objectContaining({ key: { key: "eve", start: 0, end: minutes(1), final: false }, value: 4 }),
  ]);
});
