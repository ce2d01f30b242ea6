import { TestDriver } from "@millrace/streams/testing";
import { expect, test } from "vitest";
import { customers, customerView, purchases, ratings, visits } from "./cogroup.ts";

test("a customer's row has what all three streams say", () => {
  const driver = new TestDriver(customerView());
  driver.pipeInput(visits, "ann", "/");
  driver.pipeInput(purchases, "ann", 25);
  driver.pipeInput(visits, "ann", "/shoes");
  driver.pipeInput(ratings, "ann", 5);
  driver.pipeInput(purchases, "bob", 3);
  expect(driver.readOutput(customers).slice(-2)).toEqual([
    expect.objectContaining({ key: "ann", value: { visits: 2, spent: 25, stars: [5] } }),
    expect.objectContaining({ key: "bob", value: { visits: 0, spent: 3, stars: [] } }),
  ]);
});
