import { days } from "@millrace/streams";
import { TestDriver } from "@millrace/streams/testing";
import { expect, test } from "vitest";
import { carts, cartsThatLive, liveCarts } from "./time-to-live.ts";

test("carts go 30 days after they were touched last, those that were deleted are not deleted again", () => {
  const driver = new TestDriver(cartsThatLive());
  driver.pipeInput(carts, "old", "shoes", days(1));
  driver.pipeInput(carts, "bought", "hat", days(2));
  driver.pipeInput(carts, "kept", "coat", days(3));
  driver.pipeInput(carts, "bought", null, days(4));
  driver.pipeInput(carts, "kept", "coat, scarf", days(20));
  driver.pipeInput(carts, "new", "socks", days(40));
  expect(driver.readOutput(liveCarts).map(({ key, value }) => `${key}: ${value}`)).toEqual([
    "old: shoes",
    "bought: hat",
    "kept: coat",
    "bought: null",
    "kept: coat, scarf",
    "new: socks",
    "old: null",
  ]);
});
