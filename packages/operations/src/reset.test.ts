import {
  count,
  createApp,
  groupBy,
  long,
  noHeaders,
  stream,
  string,
  to,
  topic,
  topology,
  toStream,
} from "@millrace/streams";
import { simulatedCluster } from "@millrace/streams/testing";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { groupOffsets } from "./group-offsets.ts";
import { committedRanges, readRecords } from "./read-topic.ts";
import { planReset, reset, type ResetTarget } from "./reset.ts";

const cluster = simulatedCluster();
afterAll(() => cluster.close());
const transport = cluster.transport();

let run = 0;
let names = { application: "", input: "", output: "" };

/** Counts what comes, by key, behind a repartition topic. */
const counting = () =>
  createApp(
    topology(
      names.application,
      stream(topic(names.input, { key: string(), value: string() })).pipe(
        groupBy((value) => value, { key: string(), name: "by-value" }),
        count({ store: "counts" }),
        toStream(),
        to(topic(names.output, { key: string(), value: long() })),
      ),
    ),
    { transport: cluster.transport(), commitIntervalMs: 10, guarantee: "exactly_once" },
  );

const send = async (values: readonly string[], at: number): Promise<void> => {
  const producer = await transport.createProducer({ transactionTimeoutMs: 10_000, compression: "none" });
  await producer.prepareTopics([names.input]);
  for (const [n, value] of values.entries())
    producer.append(names.input, 0, Buffer.from("key"), Buffer.from(value), at + n, noHeaders);
  await producer.flush();
  await producer.close();
};

const counted = async (): Promise<Readonly<Record<string, number>>> => {
  const last = new Map<string, number>();
  for await (const records of readRecords(
    transport,
    names.output,
    await committedRanges(transport, names.output, 1),
  ))
    for (const { key, value } of records) last.set(String(key), Number(value?.readBigInt64BE(0)));
  return Object.fromEntries(last);
};

/** Whether it comes to count this. */
const reaches = async (expected: Readonly<Record<string, number>>): Promise<boolean> => {
  const app = counting();
  await app.start();
  try {
    await expect.poll(async () => app.failure ?? (await counted())).toEqual(expected);
    return true;
  } finally {
    await app.stop();
  }
};

const plan = (target: ResetTarget) => planReset({ transport, application: names.application, to: target });

beforeEach(async () => {
  run++;
  names = { application: `counting-${run}`, input: `in-${run}`, output: `out-${run}` };
  await transport.createTopics(
    [names.input, names.output].map((name) => ({ topic: name, partitions: 1, configs: {} })),
  );
  await send(["a", "b", "a"], 1_000);
  await reaches({ a: 2, b: 1 });
});

test("tells how far an application is behind", async () => {
  await send(["c", "d"], 9_000);
  const offsets = await groupOffsets(transport, names.application);
  expect(offsets.find(({ topic: name }) => name === names.input)).toMatchObject({
    committed: 3,
    end: 5,
    lag: 2,
  });
  expect(await groupOffsets(transport, "nobody")).toEqual([]);
  const asked = await groupOffsets(transport, names.application, [names.input]);
  expect(asked.map(({ topic: name }) => name)).toEqual([names.input]);
});

describe("a reset", () => {
  test("to the beginning has it count everything once more", async () => {
    await send(["b"], 2_000);
    const planned = await plan("earliest");
    expect(planned.offsets).toMatchObject([{ topic: names.input, committed: 3, target: 0 }]);
    expect(planned.internal).toEqual([
      `${names.application}-by-value-repartition`,
      `${names.application}-counts-changelog`,
    ]);
    await reset(transport, planned);
    expect(await reaches({ a: 2, b: 2 })).toBe(true);
  });

  test("to a time leaves out what is older, and the state that it made", async () => {
    await send(["a", "c"], 5_000);
    await reset(transport, await plan(5_000));
    expect(await reaches({ a: 1, b: 1, c: 1 })).toBe(true);
  });

  test("to the end, or behind the last record, counts what comes next", async () => {
    for (const target of ["latest", 1_000_000] as const) {
      const planned = await plan(target);
      expect(planned.offsets).toMatchObject([{ committed: 3, target: 3 }]);
      await reset(transport, planned);
    }
    await send(["a"], 9_000);
    expect(await reaches({ a: 1, b: 1 })).toBe(true);
  });

  test("only looks where it is a dry run", async () => {
    const planned = await plan("earliest");
    const [offset] = await groupOffsets(transport, names.application, [names.input]);
    expect(offset?.committed).toBe(3);
    expect(await transport.listTopics()).toEqual(expect.arrayContaining([...planned.internal]));
  });

  test("is refused while the application runs, and changes nothing", async () => {
    const app = counting();
    await app.start();
    await expect.poll(() => app.state).toBe("running");
    try {
      const planned = await plan("earliest");
      await expect(reset(transport, planned)).rejects.toMatchObject({
        code: "MEMBERS_LIVE",
        message: expect.stringContaining("stop all of its processes"),
      });
      expect(await transport.listTopics()).toEqual(expect.arrayContaining([...planned.internal]));
    } finally {
      await app.stop();
    }
  });

  test("makes changelogs anew as they were: partitions, replicas, and what was set for them", async () => {
    const name = `${names.application}-kept-changelog`;
    const configs = { "cleanup.policy": "compact", "segment.bytes": "1234567", "min.compaction.lag.ms": "5" };
    await transport.createTopics([{ topic: name, partitions: 3, replicationFactor: 2, configs }]);
    const before = (await transport.describeTopics([name])).get(name);
    await reset(transport, await plan("earliest"));
    const after = (await transport.describeTopics([name])).get(name);
    expect(after?.topicId).not.toBe(before?.topicId);
    expect(after).toEqual({ ...before, topicId: after?.topicId });
    expect(after).toMatchObject({ partitions: 3, replicationFactor: 2 });
    expect(Object.fromEntries(await transport.describeTopicConfig(name, "own"))).toEqual(configs);
  });

  test("deletes nothing that is not named as its own", async () => {
    await expect(
      planReset({
        transport,
        application: names.application,
        to: "latest",
        internalTopics: [names.input],
      }),
    ).rejects.toThrow(
      `"${names.input}" is not named as an internal topic of "${names.application}" would be`,
    );
  });

  test("leaves the topics of others alone", async () => {
    const other = `${names.application}0-counts-changelog`;
    await transport.createTopics([{ topic: other, partitions: 1, configs: {} }]);
    expect((await plan("earliest")).internal).not.toContain(other);
    await expect(planReset({ transport, application: "nobody-at-all", to: "latest" })).rejects.toMatchObject({
      code: "GROUP_UNKNOWN",
    });
    await expect(
      planReset({ transport, application: names.application, to: "latest", internalTopics: ["nothing"] }),
    ).rejects.toThrow('there is no topic "nothing"');
  });
});
