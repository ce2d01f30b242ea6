import { hours, minutes } from "@millrace/streams";
import { TestDriver } from "@millrace/streams/testing";
import { expect, test } from "vitest";
import { paths, visitorPaths, visits } from "./sessions.ts";

test("visits end with half an hour of silence, and a late page connects two of them", () => {
  const driver = new TestDriver(visitorPaths());
  driver.pipeInput(visits, "ann", "home", hours(9));
  driver.pipeInput(visits, "ann", "cart", hours(9) + minutes(40));
  driver.pipeInput(visits, "ann", "shoes", hours(9) + minutes(20));
  driver.pipeInput(visits, "bob", "home", hours(10) + minutes(25));
  expect(driver.readOutput(paths)).toEqual([]);
  driver.pipeInput(visits, "bob", "shoes", hours(10) + minutes(26));
  expect(driver.readOutput(paths).map(({ key, value }) => [key.key, key.start, key.end, value])).toEqual([
    ["ann", hours(9), hours(9) + minutes(40), ["home", "cart", "shoes"]],
  ]);
});
