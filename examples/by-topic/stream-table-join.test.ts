import { TestDriver } from "@millrace/streams/testing";
import { expect, test } from "vitest";
import { addressed, addressedOrders, customers, orders } from "./stream-table-join.ts";

test("an order goes where its customer lives when it comes; without an address it goes nowhere", () => {
  const driver = new TestDriver(addressedOrders());
  driver.pipeInput(orders, "ada", { product: "lamps", pieces: 1 }, 1);
  driver.pipeInput(customers, "ada", "London", 2);
  driver.pipeInput(orders, "ada", { product: "lamps", pieces: 2 }, 3);
  driver.pipeInput(customers, "ada", "Paris", 4);
  driver.pipeInput(orders, "ada", { product: "lamps", pieces: 3 }, 5);
  expect(driver.readOutput(addressed).map(({ value }) => value)).toEqual([
    "2 lamps to London",
    "3 lamps to Paris",
  ]);
});
