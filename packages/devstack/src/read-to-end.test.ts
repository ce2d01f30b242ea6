import { noHeaders, type RecordProducer, string, topic, type Transport } from "@millrace/streams";
import { simulatedCluster } from "@millrace/streams/testing";
import { expect, onTestFinished, test } from "vitest";
import { followTopic } from "./follow-topic.ts";
import { partitionsOf } from "./partitions-of.ts";
import { readToEnd } from "./read-to-end.ts";

const words = topic("words", { key: string(), value: string() });

const open = async (): Promise<{ transport: Transport; producer: RecordProducer }> => {
  const cluster = simulatedCluster();
  cluster.createTopic({ topic: words.name, partitions: 2, configs: {} });
  const transport = cluster.transport();
  await transport.connect();
  const producer = await transport.createProducer({ transactionTimeoutMs: 10_000, compression: "none" });
  await producer.prepareTopics([words.name]);
  onTestFinished(async () => {
    await producer.close();
    await transport.close();
    cluster.close();
  });
  return { transport, producer };
};

const send = async (producer: RecordProducer, partition: number, value: string): Promise<void> => {
  producer.append(words.name, partition, Buffer.from("key"), Buffer.from(value), 1_000, noHeaders);
  await producer.flush();
};

const read = async (transport: Transport, offset: number): Promise<readonly string[]> => {
  const found: string[] = [];
  const from = (await partitionsOf(transport, [words.name, "missing"])).map((one) => ({ ...one, offset }));
  await readToEnd(transport, from, ({ buffer, valueStart, valueEnd }, name, partition) => {
    found.push(`${name}-${partition} ${buffer.toString("utf8", valueStart, valueEnd)}`);
  });
  return found.toSorted();
};

test("reads every partition to the end that it has now, from where it is told to begin", async () => {
  const { transport, producer } = await open();
  expect(await read(transport, 0)).toEqual([]);
  for (const value of ["one", "two", "three"]) await send(producer, 1, value);
  await send(producer, 0, "four");
  expect(await read(transport, 0)).toEqual(["words-0 four", "words-1 one", "words-1 three", "words-1 two"]);
  expect(await read(transport, 2)).toEqual(["words-1 three"]);
});

test("begins behind what was deleted, and tells nothing that came while it read", async () => {
  const { transport, producer } = await open();
  for (const value of ["one", "two"]) await send(producer, 0, value);
  await transport.deleteRecords([{ partition: { topic: words.name, partition: 0 }, offset: 1 }]);
  const listOffsets = transport.listOffsets.bind(transport);
  transport.listOffsets = async (...asked) => {
    const offsets = await listOffsets(...asked);
    if (asked[1] === "latest") await send(producer, 0, "three");
    return offsets;
  };
  expect(await read(transport, 0)).toEqual(["words-0 two"]);
});

test("rejects with what its reader of records throws", async () => {
  const { transport, producer } = await open();
  await send(producer, 0, "one");
  const failure = new Error("unreadable");
  await expect(
    readToEnd(transport, await partitionsOf(transport, [words.name]), () => {
      throw failure;
    }),
  ).rejects.toBe(failure);
});

test("follows a topic: records that come later are read, too, keys and values as its serdes have them", async () => {
  const { transport, producer } = await open();
  await send(producer, 0, "before");
  const found: string[] = [];
  const reader = await followTopic(transport, words, ({ partition, key, value, timestamp }) =>
    found.push(`${partition} ${key} ${value} @${timestamp}`),
  );
  await send(producer, 1, "after");
  await expect.poll(() => found).toEqual(["0 key before @1000", "1 key after @1000"]);
  await reader.close();
});
