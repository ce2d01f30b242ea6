import { hours, minutes } from "@millrace/streams";
import { TestDriver } from "@millrace/streams/testing";
import { expect, test } from "vitest";
import { payments, paymentsOnce, payOnce } from "./deduplication.ts";

test("a payment that comes twice within an hour, in whatever order, goes on once", () => {
  const driver = new TestDriver(paymentsOnce());
  driver.pipeInput(payments, "p1", 10, hours(5));
  driver.pipeInput(payments, "p2", 20, hours(5) + minutes(5));
  driver.pipeInput(payments, "p1", 10, hours(5) + minutes(50));
  driver.pipeInput(payments, "p2", 20, hours(5) + minutes(1));
  driver.pipeInput(payments, "p1", 10, hours(7));
  expect(driver.readOutput(payOnce).map(({ key, timestamp }) => `${key}@${timestamp / minutes(1)}`)).toEqual([
    "p1@300",
    "p2@305",
    "p1@420",
  ]);
});
