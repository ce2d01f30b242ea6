import { bytes, noHeaders, string, windowed } from "@millrace/streams";
import { simulatedCluster } from "@millrace/streams/testing";
import { afterAll, expect, test } from "vitest";
import { changelogRows, type StateRow } from "./changelog-rows.ts";

const cluster = simulatedCluster();
const transport = cluster.transport();
afterAll(() => cluster.close());

type Row = readonly [partition: number, key: Buffer, value: string | null, timestamp: number];

const write = async (topic: string, rows: readonly Row[]): Promise<void> => {
  const producer = await transport.createProducer({
    transactionalId: topic,
    transactionTimeoutMs: 10_000,
    compression: "none",
  });
  await producer.prepareTopics([topic]);
  for (const [partition, key, value, timestamp] of rows)
    producer.append(topic, partition, key, value === null ? null : Buffer.from(value), timestamp, noHeaders);
  await producer.flush();
  await producer.close();
};

const read = async (...request: Parameters<typeof changelogRows>): Promise<readonly StateRow[]> => {
  const rows: StateRow[] = [];
  for await (const row of changelogRows(...request)) rows.push(row);
  return rows;
};

const text = (rows: readonly StateRow[]): readonly string[] =>
  rows.map(
    ({ partition, key, value, timestamp }) => `${partition} ${String(key)} ${String(value)} @${timestamp}`,
  );

test("refuses a partition that the topic does not have", async () => {
  cluster.createTopic({ topic: "two", partitions: 2, configs: {} });
  await expect(read(transport, "two", "keyValue", { partitions: [1, 2] })).rejects.toMatchObject({
    code: "PARTITION_UNKNOWN",
    message: 'topic "two" has no partition 2: it has 2 partitions, from 0',
  });
});

test("tells of each key the last record, in the order of their keys, and nothing of deleted ones", async () => {
  cluster.createTopic({ topic: "counts", partitions: 2, configs: {} });
  await write("counts", [
    [0, Buffer.from("b"), "1", 10],
    [0, Buffer.from("a"), "2", 11],
    [1, Buffer.from("a"), "9", 12],
    [0, Buffer.from("b"), "3", 13],
    [0, Buffer.from("gone"), "4", 14],
    [0, Buffer.from("gone"), null, 15],
  ]);
  expect(text(await read(transport, "counts", "keyValue"))).toEqual(["0 a 2 @11", "0 b 3 @13", "1 a 9 @12"]);
  const chosen = { partitions: [0], matches: (key: Buffer) => key.equals(Buffer.from("a")) };
  expect(text(await read(transport, "counts", "keyValue", chosen))).toEqual(["0 a 2 @11"]);
});

test("takes the key of a window apart, and asks for it without its time", async () => {
  cluster.createTopic({ topic: "windows", partitions: 1, configs: {} });
  const serde = windowed(string(), 1_000);
  const at = (key: string, start: number): Buffer =>
    Buffer.concat([
      serde.serialize({ key, start, end: start + 1_000, final: false }) ?? Buffer.alloc(0),
      Buffer.alloc(4),
    ]);
  await write("windows", [
    [0, at("a", 0), "1", 10],
    [0, at("a", 1_000), "2", 1_010],
    [0, at("b", 1_000), "3", 1_020],
  ]);
  const found = await read(transport, "windows", "window", { matches: (key) => String(key) === "a" });
  expect(found.map(({ key, start, value }) => [String(key), start, String(value)])).toEqual([
    ["a", 0, "1"],
    ["a", 1_000, "2"],
  ]);
});

test("tells every version of a versioned store that the topic has, deletions too", async () => {
  cluster.createTopic({ topic: "prices", partitions: 1, configs: {} });
  const key = Buffer.from("k");
  await write("prices", [
    [0, key, "2", 20],
    [0, key, "1", 10],
    [0, key, null, 30],
    [0, key, "two", 20],
  ]);
  expect(text(await read(transport, "prices", "versioned"))).toEqual([
    "0 k 1 @10",
    "0 k two @20",
    "0 k null @30",
  ]);
});

test("says that a topic is missing, or is none of such a store", async () => {
  await expect(read(transport, "nothing", "keyValue")).rejects.toMatchObject({ code: "MISSING_TOPIC" });
  cluster.createTopic({ topic: "plain", partitions: 1, configs: {} });
  await write("plain", [[0, Buffer.from(bytes().serialize(Buffer.of(1)) ?? []), "1", 1]]);
  await expect(read(transport, "plain", "session")).rejects.toMatchObject({ code: "RESTORE" });
});
