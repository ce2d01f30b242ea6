import { hours } from "@millrace/streams";
import { TestDriver } from "@millrace/streams/testing";
import { expect, test } from "vitest";
import { dailySales, sales, salesPerDay } from "./time-zone-days.ts";

test("a day ends at the shop's midnight, an hour later where clocks go back", () => {
  const driver = new TestDriver(salesPerDay());
  for (const at of [
    "2026-10-24T22:00:00Z",
    "2026-10-25T22:59:59Z",
    "2026-10-25T23:00:00Z",
    "2026-10-27T12:00:00Z",
  ])
    driver.pipeInput(sales, "shop", 100, Date.parse(at));
  expect(
    driver
      .readOutput(dailySales)
      .map(({ key: { start, end }, value }) => [
        new Date(start).toISOString(),
        (end - start) / hours(1),
        value,
      ]),
  ).toEqual([
    ["2026-10-24T22:00:00.000Z", 25, 200],
    ["2026-10-25T23:00:00.000Z", 24, 100],
  ]);
});
