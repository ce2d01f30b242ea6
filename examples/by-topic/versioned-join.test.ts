import { hours, minutes } from "@millrace/streams";
import { TestDriver } from "@millrace/streams/testing";
import { expect, test } from "vitest";
import { converted, convertedSales, rates, sales } from "./versioned-join.ts";

test("a sale has the rate of its own time although that came late, and a newer one first", () => {
  const driver = new TestDriver(convertedSales());
  driver.pipeInput(rates, "EUR", 2, hours(9));
  driver.pipeInput(sales, "EUR", 100, hours(10) + minutes(5));
  driver.pipeInput(rates, "EUR", 4, hours(11));
  driver.pipeInput(rates, "EUR", 3, hours(10));
  driver.pipeInput(sales, "EUR", 1, hours(11) + minutes(30));
  expect(driver.readOutput(converted).map(({ value }) => value)).toEqual([300]);
});
