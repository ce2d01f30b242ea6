import {
  createApp,
  noHeaders,
  stream,
  string,
  mapValues,
  to,
  topic,
  topology,
  type Transport,
} from "@millrace/streams";
import { simulatedCluster } from "@millrace/streams/testing";
import { afterAll, beforeEach, expect, test } from "vitest";
import type { Choice, LetterFilter } from "./choice.ts";
import { DeadLetterTopic } from "./dead-letter-topic.ts";
import { listDeadLetters, listText } from "./list-dead-letters.ts";
import { committedRanges, readRecords, type StoredRecord } from "./read-topic.ts";
import { replay } from "./replay.ts";
import { deadLetterText, findDeadLetter } from "./show-dead-letter.ts";

const cluster = simulatedCluster();
afterAll(() => cluster.close());
const transport = cluster.transport();

let names = { input: "", output: "", dead: "" };
let broken = true;

/** An application that can't do with what begins with "bad" while it is broken. */
const startApp = () => {
  const input = topic(names.input, { key: string(), value: string() });
  return createApp(
    topology(
      names.input,
      stream(input).pipe(
        mapValues((value) => {
          if (broken && value.startsWith("bad")) throw new RangeError(`${value} is no good`);
          return value;
        }),
        to(topic(names.output, { key: string(), value: string() })),
      ),
    ),
    {
      transport: cluster.transport(),
      deadLetterTopic: names.dead,
      handlers: { processing: () => "deadLetter" },
      commitIntervalMs: 10,
    },
  );
};

const send = async (values: readonly string[]): Promise<void> => {
  const producer = await transport.createProducer({ transactionTimeoutMs: 10_000, compression: "none" });
  await producer.prepareTopics([names.input]);
  for (const [n, value] of values.entries())
    producer.append(names.input, n % 2, Buffer.from(`key ${n}`), Buffer.from(value), 1_000 + n, [
      ["trace", Buffer.from(value)],
    ]);
  await producer.flush();
  await producer.close();
};

const recordsOf = async (from: Transport, name: string): Promise<readonly StoredRecord[]> => {
  const found: StoredRecord[] = [];
  const partitions = (await from.describeTopics([name])).get(name)?.partitions ?? 0;
  for await (const records of readRecords(from, name, await committedRanges(from, name, partitions)))
    found.push(...records);
  return found;
};

const valuesOf = async (name: string): Promise<readonly string[]> =>
  (await recordsOf(transport, name)).map(({ value }) => String(value)).toSorted();

/** The application, while `done` does not hold. */
const runUntil = async (done: () => Promise<boolean>): Promise<void> => {
  const app = startApp();
  await app.start();
  try {
    await expect.poll(async () => app.failure ?? (await done())).toBe(true);
  } finally {
    await app.stop();
  }
};

const replayed = async (choice: Choice, dryRun = false): Promise<readonly string[]> => {
  const results: string[] = [];
  await replay({
    transport,
    topic: names.dead,
    choice,
    dryRun,
    onLetter: ({ value }, result, why) => results.push(`${String(value)} ${result}${why ? `: ${why}` : ""}`),
  });
  return results.toSorted();
};

let run = 0;

beforeEach(async () => {
  run++;
  broken = true;
  names = { input: `in-${run}`, output: `out-${run}`, dead: `dead-${run}` };
  await transport.createTopics(
    Object.values(names).map((name) => ({ topic: name, partitions: 2, configs: {} })),
  );
  await send(["bad 0", "good 1", "bad 2", "bad 3"]);
  await runUntil(async () => (await valuesOf(names.dead)).length === 3);
});

test("lists them by reason, with their latest", async () => {
  const letters = await DeadLetterTopic.open(transport, names.dead);
  const list = await listDeadLetters(letters, 2);
  expect(list.reasons).toMatchObject([{ reason: "PROCESSING", count: 3, replayed: 0 }]);
  const text = listText(letters, list).join("\n");
  expect(text).toContain(`dead-${run}: 3 dead letters`);
  expect(text).toContain("… 1 older one; --limit N shows more");
  expect(listText(letters, await listDeadLetters(letters, 0)).at(-1)).toBe(
    "… 3 older ones; --limit N shows more",
  );
  expect(text).not.toContain("is it a dead-letter topic?");
});

test("lists and replays those of a reason, a topic and a time", async () => {
  const letters = await DeadLetterTopic.open(transport, names.dead);
  const times = (await listDeadLetters(letters, 3)).latest.map(({ timestamp }) => timestamp);
  const [since, until] = [Math.min(...times), Math.max(...times) + 1];
  const count = async (filter: LetterFilter): Promise<number> =>
    (await listDeadLetters(letters, 3, filter)).latest.length;
  expect(await count({ reason: "PROCESSING", topic: names.input, since, until })).toBe(3);
  for (const other of [{ reason: "X" }, { topic: "x" }, { since: until }, { until: since }]) {
    expect(await count(other)).toBe(0);
    expect(await replayed({ by: "filter", ...other })).toEqual([]);
  }
  expect(listText(letters, await listDeadLetters(letters, 3, { topic: "x" }))).toEqual([
    `${names.dead} has no such dead letters`,
  ]);
  expect(await replayed({ by: "filter", topic: names.input, since })).toHaveLength(3);
});

test("asks of a topic without dead letters' headers whether it is one", async () => {
  const input = await DeadLetterTopic.open(transport, names.input);
  expect(listText(input, await listDeadLetters(input, 2)).slice(0, 2)).toEqual([
    `${names.input}: 4 dead letters`,
    "They do not say where they came from: is it a dead-letter topic?",
  ]);
});

test("shows one, with what failed and where it came from", async () => {
  const letters = await DeadLetterTopic.open(transport, names.dead);
  const [first] = (await listDeadLetters(letters, 3)).latest;
  const letter = await findDeadLetter(letters, first ?? { partition: 0, offset: 0 });
  const text = (await deadLetterText(letters, letter, undefined)).join("\n");
  expect(text).toContain(
    `came from    ${names.input}-${letter.source?.partition}`.replace("    ", "  ").slice(0, 9),
  );
  expect(text).toMatch(/is no good/);
  expect(text).toMatch(/trace: "bad \d"/);
  await expect(findDeadLetter(letters, { partition: 1, offset: 99 })).rejects.toThrow(
    /there is no dead letter 1:99 in "dead-\d+"/,
  );
});

test("writes them back as they were, to their partition, and they are processed once repaired", async () => {
  expect(await replayed({ by: "filter", reason: "PROCESSING" })).toEqual([
    "bad 0 replayed",
    "bad 2 replayed",
    "bad 3 replayed",
  ]);
  broken = false;
  await runUntil(async () => (await valuesOf(names.output)).length === 4);
  expect(await valuesOf(names.output)).toEqual(["bad 0", "bad 2", "bad 3", "good 1"]);
  const back = (await recordsOf(transport, names.input)).filter(({ headers }) => headers.length > 1);
  expect(back).toHaveLength(3);
  for (const { key, value, partition, timestamp, headers } of back) {
    const n = Number(String(value).at(-1));
    expect(String(key)).toBe(`key ${n}`);
    expect(partition).toBe(n % 2);
    expect(timestamp).toBe(1_000 + n);
    expect(headers[0]).toEqual(["trace", value]);
    expect(headers[1]?.[0]).toBe("millrace.replayed.from");
    expect(String(headers[1]?.[1])).toMatch(/^dead-\d+\/[01]:\d+$/);
    expect(headers).toHaveLength(2);
  }
});

test("replays a letter once, however often it is asked for", async () => {
  await replayed({ by: "all" });
  expect(await replayed({ by: "all" })).toEqual([
    "bad 0 was replayed before",
    "bad 2 was replayed before",
    "bad 3 was replayed before",
  ]);
  expect(await recordsOf(transport, names.input)).toHaveLength(7);
});

test("a letter that comes back is another one, with one header of its last journey", async () => {
  await replayed({ by: "all" });
  await runUntil(async () => (await valuesOf(names.dead)).length === 6);
  const results = await replayed({ by: "all" });
  expect(results.filter((result) => result.endsWith("before"))).toHaveLength(3);
  expect(results.filter((result) => result.endsWith(" replayed"))).toHaveLength(3);
  for (const { headers } of (await recordsOf(transport, names.input)).slice(-1))
    expect(headers.filter(([name]) => name === "millrace.replayed.from")).toHaveLength(1);
});

test("a dry run writes nothing, not even a ledger", async () => {
  expect(await replayed({ by: "all" }, true)).toHaveLength(3);
  expect(await recordsOf(transport, names.input)).toHaveLength(4);
  expect((await transport.describeTopics([`${names.dead}.replayed`])).size).toBe(0);
});

const text = (name: string, value: string) => [`__streams.errors.${name}`, Buffer.from(value)] as const;

test("says why one can't go back, and goes on", async () => {
  const producer = await transport.createProducer({ transactionTimeoutMs: 10_000, compression: "none" });
  await producer.prepareTopics([names.dead]);
  producer.append(names.dead, 0, null, Buffer.from("of nobody"), 1, noHeaders);
  const gone = [text("exception", "X"), text("topic", "gone"), text("partition", "0")];
  producer.append(names.dead, 0, null, Buffer.from("of one that is gone"), 1, gone);
  await producer.flush();
  await producer.close();
  const results = await replayed({ by: "all" });
  expect(results).toContain("of nobody can't be replayed: its headers do not say where it came from");
  expect(results).toContain(
    `of one that is gone can't be replayed: its topic "gone" does not exist any more`,
  );
  expect(results.filter((result) => result.endsWith(" replayed"))).toHaveLength(3);
});

test("a missing topic is said, and nothing is made", async () => {
  await expect(
    replay({ transport, topic: "nothing", choice: { by: "all" }, onLetter: () => undefined }),
  ).rejects.toThrow(/topic "nothing" does not exist/);
  expect((await transport.describeTopics(["nothing.replayed"])).size).toBe(0);
});
