import { TestDriver } from "@millrace/streams/testing";
import { expect, test } from "vitest";
import { currencies, payments, shown, shownPayments } from "./global-table-join.ts";

test("a payment has its currency's symbol, or its code where there is none", () => {
  const driver = new TestDriver(shownPayments());
  driver.pipeInput(currencies, "EUR", "€");
  driver.pipeInput(payments, "ada", { currency: "EUR", amount: 5 });
  driver.pipeInput(payments, "ada", { currency: "XTS", amount: 7 });
  expect(driver.readOutput(shown).map(({ value }) => value)).toEqual(["€ 5", "XTS 7"]);
});
