import { minutes, seconds } from "@millrace/streams";
import { TestDriver } from "@millrace/streams/testing";
import { expect, test } from "vitest";
import { calmStandings, standings, votes } from "./suppress.ts";

test("a candidate's count is told once a minute, however many votes came", () => {
  const driver = new TestDriver(calmStandings());
  for (const at of [0, 10, 20, 50]) driver.pipeInput(votes, "voter", "ann", seconds(at));
  expect(driver.readOutput(standings)).toEqual([]);
  driver.pipeInput(votes, "voter", "bob", minutes(1));
  expect(driver.readOutput(standings).map(({ key, value }) => `${key} ${value}`)).toEqual(["ann 4"]);
});
