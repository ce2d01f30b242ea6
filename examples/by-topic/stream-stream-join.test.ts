import { minutes } from "@millrace/streams";
import { TestDriver } from "@millrace/streams/testing";
import { expect, test } from "vitest";
import { adOutcomes, ads, clicks, outcomes } from "./stream-stream-join.ts";

test("an ad meets the clicks that follow it, or is ignored once its time and the grace are over", () => {
  const driver = new TestDriver(adOutcomes());
  driver.pipeInput(clicks, "ada", "home", minutes(0));
  driver.pipeInput(ads, "ada", "lamps", minutes(1));
  driver.pipeInput(ads, "bob", "chairs", minutes(2));
  driver.pipeInput(clicks, "ada", "shop", minutes(11));
  driver.pipeInput(clicks, "bob", "home", minutes(13));
  expect(driver.readOutput(outcomes).map(({ value }) => value)).toEqual(["lamps: led to shop"]);
  driver.pipeInput(clicks, "eve", "home", minutes(13) + 1);
  expect(driver.readOutput(outcomes).map(({ value }) => value)).toEqual(["chairs: ignored"]);
});
