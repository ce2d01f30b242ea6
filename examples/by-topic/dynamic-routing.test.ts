import { TestDriver } from "@millrace/streams/testing";
import { expect, test } from "vitest";
import { domestic, foreign, large, orders, routedOrders } from "./dynamic-routing.ts";

test("an order goes to the topic that its content chooses", () => {
  const driver = new TestDriver(routedOrders("DE"));
  driver.pipeInput(orders, "1", { country: "DE", total: 10 });
  driver.pipeInput(orders, "2", { country: "FR", total: 10 });
  driver.pipeInput(orders, "3", { country: "DE", total: 2_000 });
  expect([domestic, foreign, large].map((to) => driver.readOutput(to).map(({ key }) => key))).toEqual([
    ["1"],
    ["2"],
    ["3"],
  ]);
});
