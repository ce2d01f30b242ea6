import { ledgerTopicOf } from "@millrace/operations";
import { simulatedCluster } from "@millrace/streams/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { KafkaLink } from "../kafka/kafka-link.ts";
import { LetterBoard } from "./letter-board.ts";
import { letterChoice } from "./letter-choice.ts";

const cluster = simulatedCluster();
const transport = cluster.transport();
const kafka = new KafkaLink({ address: "simulated", transport: cluster.transport() });
const board = new LetterBoard({ kafka, registry: undefined, topics: [], toldTopics: () => ["gone"] });
afterAll(async () => {
  await kafka.close();
  cluster.close();
});

const dead = "counting.dead-letter";
const header = (name: string, value: string) => [`__streams.errors.${name}`, Buffer.from(value)] as const;

const bury = async (...values: readonly string[]): Promise<void> => {
  const producer = await transport.createProducer({ transactionTimeoutMs: 10_000, compression: "none" });
  await producer.prepareTopics([dead]);
  for (const [n, value] of values.entries())
    producer.append(dead, 0, Buffer.from("key"), Buffer.from(value), 1_000 + n, [
      header("exception", value.startsWith("late") ? "LATE" : "BAD"),
      header("message", `${value} is no good`),
      header("topic", "clicks"),
      header("partition", "0"),
      header("offset", String(n)),
    ]);
  await producer.flush();
  await producer.close();
};

beforeAll(async () => {
  await transport.connect();
  await transport.createTopics(
    [dead, "clicks", "others"].map((topic) => ({ topic, partitions: 1, configs: {} })),
  );
  await bury("a", "b", "late c");
});

test("finds dead-letter topics by their names, and counts their letters by reason", async () => {
  const [topic, ...others] = await board.look();
  expect(others).toEqual([]);
  expect(topic).toMatchObject({ topic: dead, count: 3, replayed: 0, problem: undefined });
  expect(topic?.reasons.map(({ reason, count }) => [reason, count])).toEqual([
    ["BAD", 2],
    ["LATE", 1],
  ]);
  expect(topic?.latest.map(({ place, message, source }) => [place, message, source])[0]).toEqual([
    "0:2",
    "late c is no good",
    "clicks-0 offset 2",
  ]);
});

test("adds what has come since", async () => {
  await bury("d");
  const [topic] = await board.look();
  expect(topic).toMatchObject({ count: 4 });
  expect(topic?.latest).toHaveLength(4);
});

test("opens one, decoded as far as it goes", async () => {
  const { lines } = await board.open(dead, "0:1");
  expect(lines.join("\n")).toMatch(/reason +BAD[^]*b is no good/);
  await expect(board.open(dead, "0:99")).rejects.toMatchObject({ code: "MISSING_DEAD_LETTER" });
  await expect(board.open(dead, "nowhere")).rejects.toThrow('"nowhere" is no place');
});

test("replays what is chosen, once, and shows it as replayed", async () => {
  const choice = letterChoice({ by: "reason", reason: "BAD" });
  expect(await board.replay(dead, choice)).toEqual({ replayed: 3, replayedBefore: 0, refused: [] });
  expect(await board.replay(dead, choice)).toEqual({ replayed: 0, replayedBefore: 3, refused: [] });
  const [topic] = await board.look();
  expect(topic).toMatchObject({ count: 4, replayed: 3 });
  expect(await transport.listTopics()).toContain(ledgerTopicOf(dead));
});

test("replays nothing but dead letters", async () => {
  await expect(board.replay("others", { by: "all" })).rejects.toMatchObject({ status: 404 });
  await expect(board.open("clicks", "0:0")).rejects.toMatchObject({ status: 404 });
});

test.each([
  undefined,
  null,
  "all",
  {},
  { by: "place" },
  { by: "place", places: [] },
  { by: "place", places: [1] },
  { by: "reason" },
])("does not take %j for a choice", (given) => {
  expect(() => letterChoice(given)).toThrow('"choice" says which letters');
});
