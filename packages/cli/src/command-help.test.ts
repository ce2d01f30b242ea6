import { expect, test } from "vitest";
import { commandHelp } from "./command-help.ts";
import { describe } from "./describe-command.ts";
import { lag } from "./lag-command.ts";

test("the help of a command says where it is told of Kafka, if it asks Kafka", () => {
  expect(commandHelp(lag)).toMatch(/^millrace lag APPLICATION[^]*KAFKA_BROKERS or --brokers/);
  expect(commandHelp(describe)).toBe(describe.help);
});
