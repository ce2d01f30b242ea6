import { randomUUID } from "node:crypto";
import { kafka, noHeaders, partitionForKey, type RecordProducer, type Transport } from "@millrace/streams";
import { TestDriver } from "@millrace/streams/testing";
import { expect, inject, onTestFinished, test } from "vitest";
import { Program } from "../program.ts";
import { until } from "../venue-client.ts";
import { type Input, rounds } from "./rounds.ts";
import { type Application, partitions, visitsAndOrders } from "./visits-and-orders.ts";
import { follow, Written } from "./written.ts";

/** As it has said last; warnings may stand behind it. */
const tasksOf = ({ output }: Program): number =>
  Number([...output.matchAll(/^tasks (\d+)\n/gm)].at(-1)?.[1] ?? 0);

const member = (id: string): Program => {
  const program = new Program(new URL("member-main.ts", import.meta.url), {}, [inject("kafka"), id]);
  onTestFinished(() => program.kill("SIGKILL"));
  return program;
};

const send = async (producer: RecordProducer, inputs: readonly Input[]): Promise<void> => {
  for (const { topic, key, value, timestamp } of inputs) {
    const bytes = Buffer.from(key);
    producer.append(
      topic.name,
      partitionForKey(bytes, partitions),
      bytes,
      Buffer.from(value),
      timestamp,
      noHeaders,
    );
  }
  await producer.flush();
};

/** What the test driver has written after each round: the rounds before it, and its own. */
const expectedAfter = async (
  { topology, outputs }: Application,
  inputs: readonly (readonly Input[])[],
): Promise<readonly (readonly string[])[]> => {
  const driver = new TestDriver(topology);
  await driver.start();
  const written = new Written();
  return inputs.map((round) => {
    for (const { topic, key, value, timestamp } of round) driver.pipeInput(topic, key, value, timestamp);
    for (const topic of outputs.results)
      for (const record of driver.readOutput(topic)) written.result(topic.name, record);
    for (const topic of outputs.rows)
      for (const record of driver.readOutput(topic)) written.row(topic.name, record);
    return written.lines;
  });
};

const differences = (found: readonly string[], wanted: readonly string[]): string => {
  const extra = found.filter((line, at) => !wanted.includes(line) || found.indexOf(line) !== at);
  const missing = wanted.filter((line) => !found.includes(line));
  return `too many: ${extra.slice(0, 8).join("; ")}\nmissing: ${missing.slice(0, 8).join("; ")}`;
};

test("joins of streams and tables, sessions and held windows by other keys are the same in several processes, of which one is killed and one comes late", async () => {
  const id = `several-${randomUUID()}`;
  const application = visitsAndOrders(id);
  const { topology, orders, payments, visits, outputs } = application;
  const tasks = topology.subTopologies.length * partitions;
  const seed = Date.now() % 1_000_000;
  const inputs = rounds(application, 3, seed);
  const expected = await expectedAfter(application, inputs);
  const transport: Transport = kafka({ brokers: [inject("kafka")] });
  await transport.connect();
  onTestFinished(() => transport.close());
  await transport.createTopics(
    [orders, payments, visits, ...outputs.results, ...outputs.rows].map(({ name }) => ({
      topic: name,
      partitions,
      configs: { "retention.ms": "-1" },
    })),
  );
  const producer = await transport.createProducer({ transactionTimeoutMs: 10_000, compression: "none" });
  await producer.prepareTopics([orders, payments, visits].map(({ name }) => name));
  const { written, close } = follow(transport, outputs);
  const settled = (round: number, members: readonly Program[]): Promise<void> =>
    until(
      () =>
        written.lines.length === expected[round]?.length &&
        written.lines.every((line, at) => line === expected[round]?.[at]),
      () =>
        `seed ${seed}, round ${round}: ${differences(written.lines, expected[round] ?? [])}\n${members
          .map(({ output }) => output.slice(-1_000))
          .join("\n--\n")}`,
      60_000,
    );
  const [round0 = [], round1 = [], round2 = [], last = []] = inputs;

  const first = member(id);
  const second = member(id);
  await until(
    () => tasksOf(first) > 0 && tasksOf(second) > 0 && tasksOf(first) + tasksOf(second) === tasks,
    () => `tasks were not shared: ${first.output}\n--\n${second.output}`,
    60_000,
  );
  await send(producer, round0);
  await settled(0, [first, second]);

  // In the middle of a transaction, most of the time; what closes of the first round is among it.
  await send(producer, round1.slice(0, 150));
  await until(
    () => written.lines.length !== expected[0]?.length,
    () => "nothing came of the second round",
  );
  await send(producer, round1.slice(150, 200));
  first.kill("SIGKILL");
  const late = member(id);
  await send(producer, round1.slice(200));
  await settled(1, [second, late]);
  await until(
    () => tasksOf(late) > 0 && tasksOf(second) + tasksOf(late) === tasks,
    () => `tasks were not shared: ${second.output}\n--\n${late.output}`,
    60_000,
  );
  await send(producer, round2);
  await settled(2, [second, late]);
  await send(producer, last);
  await settled(3, [second, late]);
  for (const one of [second, late]) one.kill("SIGTERM");
  expect([await second.exit(), await late.exit()]).toEqual([0, 0]);
  // Nothing came behind it.
  expect(written.lines).toEqual(expected[3]);
  await close();
  await producer.close();
});
