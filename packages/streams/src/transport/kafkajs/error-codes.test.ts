import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { expect, test } from "vitest";
import { errorCodes, rankOf } from "./error-codes.ts";
import { kafkaError } from "./kafka-error.ts";

/** `code NAME retriable` of every constant of Kafka 4.4.0's `org.apache.kafka.common.protocol.Errors`. */
const ofTheJvm = readFileSync(new URL("../../../test/kafka-errors-4.4.0.txt", import.meta.url), "utf8")
  .trim()
  .split("\n")
  .map((line) => line.split(" ") as [string, string, string])
  .map(([code, name, retriable]) => ({ code: Number(code), name, retriable: retriable === "true" }));

/** Retried here and not by the JVM's clients, which look after them elsewhere or never see them. */
const retriedHere = new Set([
  "BROKER_NOT_AVAILABLE",
  "STALE_CONTROLLER_EPOCH",
  "OPERATION_NOT_ATTEMPTED",
  "REASSIGNMENT_IN_PROGRESS",
  "MEMBER_ID_REQUIRED",
  "NEW_LEADER_ELECTED",
  "REBOOTSTRAP_REQUIRED",
]);

test("every error of Kafka has its name and a rank, and those that Kafka retries are retried", () => {
  for (const { code, name, retriable } of ofTheJvm) {
    if (code === 0) continue;
    const known = errorCodes.get(code);
    expect(known?.name, `error ${code}`).toBe(name);
    expect(known?.rank === "retry", name).toBe(retriable || retriedHere.has(name));
    expect(rankOf(name)).toBe(known?.rank);
  }
  expect(errorCodes.size).toBe(ofTheJvm.length - 1);
});

test("kafkajs knows no error that is not in the table", () => {
  const source = readFileSync(
    createRequire(import.meta.url).resolve("kafkajs/src/protocol/error.js"),
    "utf8",
  );
  const codes = [...source.matchAll(/type: '(\w+)',\s+code: (-?\d+)/g)].map(([, , code]) => Number(code));
  expect(codes.length).toBeGreaterThan(80);
  // -99 is its own, and never on the wire.
  expect(codes.filter((code) => code !== -99 && !errorCodes.has(code))).toEqual([]);
});

test("a fatal error says what to do, and no other does", () => {
  for (const { name, rank, advice } of errorCodes.values())
    expect(advice !== "", `${name}: ${advice}`).toBe(rank === "fatal");
});

const named = (rank: string): readonly string[] =>
  [...errorCodes.values()].filter((error) => error.rank === rank).map(({ name }) => name);

test("the void ones end a transaction, a producer or a membership; the others of a record name records", () => {
  expect(named("record")).toEqual([
    "MESSAGE_TOO_LARGE",
    "RECORD_LIST_TOO_LARGE",
    "INVALID_TIMESTAMP",
    "INVALID_RECORD",
  ]);
  expect(named("void")).toEqual([
    "OFFSET_OUT_OF_RANGE",
    "ILLEGAL_GENERATION",
    "UNKNOWN_MEMBER_ID",
    "REBALANCE_IN_PROGRESS",
    "OUT_OF_ORDER_SEQUENCE_NUMBER",
    "DUPLICATE_SEQUENCE_NUMBER",
    "INVALID_PRODUCER_EPOCH",
    "INVALID_TXN_STATE",
    "INVALID_PRODUCER_ID_MAPPING",
    "TRANSACTION_COORDINATOR_FENCED",
    "UNKNOWN_PRODUCER_ID",
    "GROUP_ID_NOT_FOUND",
    "PRODUCER_FENCED",
    "TRANSACTIONAL_ID_NOT_FOUND",
    "FENCED_MEMBER_EPOCH",
    "STALE_MEMBER_EPOCH",
    "TRANSACTION_ABORTABLE",
  ]);
});

test("an error that nobody knows is fatal, and says its number", () => {
  expect(kafkaError(4_711, "asking")).toMatchObject({ kafkaError: "ERROR_4711", rank: "fatal" });
});
