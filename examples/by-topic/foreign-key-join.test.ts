import { TestDriver } from "@millrace/streams/testing";
import { expect, test } from "vitest";
import { events, printing, tickets, vouchers } from "./foreign-key-join.ts";

test("all tickets of an event are printed anew when it changes, and a returned one goes", () => {
  const driver = new TestDriver(printing());
  driver.pipeInput(tickets, "t1", { seat: "A1", event: "gala" }, 1);
  driver.pipeInput(tickets, "t2", { seat: "A2", event: "gala" }, 2);
  driver.pipeInput(events, "gala", "Gala, 8 pm", 3);
  driver.pipeInput(tickets, "t2", { seat: "B7", event: "gala" }, 4);
  driver.pipeBytes("tickets", Buffer.from("t1"), null, 5);
  expect(driver.readOutput(vouchers).map(({ key, value }) => [key, value])).toEqual([
    ["t1", "A1, to be announced"],
    ["t2", "A2, to be announced"],
    ["t1", "A1, Gala, 8 pm"],
    ["t2", "A2, Gala, 8 pm"],
    ["t2", "B7, Gala, 8 pm"],
    ["t1", null],
  ]);
});
