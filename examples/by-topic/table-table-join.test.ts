import { TestDriver } from "@millrace/streams/testing";
import { expect, test } from "vitest";
import { contactBook, contacts, emails, names } from "./table-table-join.ts";

test("a contact changes with either side, and goes with the last of them", () => {
  const driver = new TestDriver(contactBook());
  driver.pipeInput(names, "1", "Ada", 1);
  driver.pipeInput(emails, "1", "ada@example.org", 2);
  driver.pipeBytes("names", Buffer.from("1"), null, 3);
  driver.pipeBytes("emails", Buffer.from("1"), null, 4);
  expect(driver.readOutput(contacts).map(({ value }) => value)).toEqual([
    "Ada <no mail>",
    "Ada <ada@example.org>",
    "somebody <ada@example.org>",
    null,
  ]);
});
