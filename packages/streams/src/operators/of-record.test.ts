import { expect, test } from "vitest";
import {
  filter,
  filterNot,
  flatMap,
  flatMapValues,
  foreach,
  groupBy,
  groupByKey,
  type Headers,
  type KStream,
  map,
  mapAsync,
  mapValues,
  peek,
  processValues,
  reduce,
  selectKey,
  type Sink,
  split,
  stream,
  string,
  to,
  topic,
  topology,
  toStream,
  withHeaders,
} from "../index.ts";
import { TestDriver } from "../testing/index.ts";

const input = topic("in", { key: string(), value: string() });
const output = topic("out", { key: string(), value: string() });
const other = topic("other", { key: string(), value: string() });
const source = (): KStream<string, string> => stream(input);

interface Told {
  readonly timestamp: number;
  readonly headers: Headers;
}
const told = ({ timestamp, headers }: Told): string => `${headers[0]?.[1]?.toString()}@${timestamp}`;

const run = async (...sinks: readonly Sink[]): Promise<readonly string[]> => {
  const driver = new TestDriver(topology("records", ...sinks));
  driver.pipeInput(input, "k", "v", { timestamp: 5, headers: [["trace", Buffer.from("abc")]] });
  await driver.settle();
  const written = [output, other].filter(({ name }) =>
    driver.produced.some((record) => record.topic === name),
  );
  return written
    .flatMap((one) => driver.readOutput(one))
    .map(({ key, value, headers }) => `${key}=${value} ${headers.length}`);
};

test("each operator of a stream hands its function the record, with its time and its headers", async () => {
  const seen: string[] = [];
  const sees = (record: Told): boolean => {
    seen.push(told(record));
    return true;
  };
  const operators: Readonly<Record<string, (from: KStream<string, string>) => Sink>> = {
    filter: (from) =>
      from.pipe(
        filter((_value, _key, record) => sees(record)),
        to(output),
      ),
    filterNot: (from) =>
      from.pipe(
        filterNot((_value, _key, record) => sees(record)),
        to(output),
      ),
    map: (from) =>
      from.pipe(
        map((value, key, record) => [key, value + told(record)]),
        to(output),
      ),
    mapValues: (from) =>
      from.pipe(
        mapValues((value, _key, record) => value + told(record)),
        to(output),
      ),
    mapAsync: (from) =>
      from.pipe(
        mapAsync((value, _key, record) => Promise.resolve(value + told(record)), { concurrency: 1 }),
        to(output),
      ),
    flatMap: (from) =>
      from.pipe(
        flatMap((value, key, record) => [[key, value + told(record)]]),
        to(output),
      ),
    flatMapValues: (from) =>
      from.pipe(
        flatMapValues((value, _key, record) => [value + told(record)]),
        to(output),
      ),
    selectKey: (from) =>
      from.pipe(
        selectKey((_value, key, record) => key + told(record)),
        to(output),
      ),
    peek: (from) =>
      from.pipe(
        peek((_value, _key, record) => void sees(record)),
        to(output),
      ),
    foreach: (from) => from.pipe(foreach((_value, _key, record) => void sees(record))),
    split: (from) => from.pipe(split({ all: (_value, _key, record) => sees(record) })).all.pipe(to(output)),
    groupBy: (from) =>
      from.pipe(
        groupBy((_value, _key, record) => told(record), { key: string() }),
        reduce({ store: "reduced", add: (sum) => sum }),
        toStream(),
        to(output),
      ),
    to: (from) => from.pipe(to((_value, _key, record) => (told(record) === "abc@5" ? other : output))),
  };
  const results: Record<string, readonly string[]> = {};
  for (const [name, sinkOf] of Object.entries(operators)) results[name] = await run(sinkOf(source()));
  expect(results).toEqual({
    filter: ["k=v 1"],
    filterNot: [],
    map: ["k=vabc@5 1"],
    mapValues: ["k=vabc@5 1"],
    mapAsync: ["k=vabc@5 1"],
    flatMap: ["k=vabc@5 1"],
    flatMapValues: ["k=vabc@5 1"],
    selectKey: ["kabc@5=v 1"],
    peek: ["k=v 1"],
    foreach: [],
    split: ["k=v 1"],
    groupBy: ["abc@5=v 1"],
    to: ["k=v 1"],
  });
  expect(seen).toEqual(["abc@5", "abc@5", "abc@5", "abc@5", "abc@5"]);
});

test("withHeaders sets the headers, and keeps key, value and time", () => {
  const driver = new TestDriver(
    topology(
      "headers",
      source().pipe(
        withHeaders((value, key, { headers }) => [...headers, [key, Buffer.from(value)]]),
        to(output),
      ),
    ),
  );
  driver.pipeInput(input, "k", "v", { timestamp: 5, headers: [["trace", Buffer.from("abc")]] });
  expect(driver.readOutput(output)).toMatchObject([
    {
      key: "k",
      value: "v",
      timestamp: 5,
      headers: [
        ["trace", Buffer.from("abc")],
        ["k", Buffer.from("v")],
      ],
    },
  ]);
});

test("withHeaders keeps the key, so that grouping needs no repartition", () => {
  const counted = topology(
    "grouped",
    source().pipe(
      withHeaders(() => []),
      groupByKey(),
      reduce({ store: "sums", add: (sum) => sum }),
    ),
  );
  expect(counted.subTopologies).toHaveLength(1);
});

test("processValues forwards the headers that it is given, or those of its record", () => {
  const driver = new TestDriver(
    topology(
      "values",
      source().pipe(
        processValues({
          create:
            ({ forward }) =>
            ({ value, timestamp }) => {
              forward({ value, timestamp });
              forward({ value, timestamp, headers: [] });
            },
        }),
        to(output),
      ),
    ),
  );
  driver.pipeInput(input, "k", "v", { timestamp: 5, headers: [["trace", Buffer.from("abc")]] });
  expect(driver.readOutput(output).map(({ headers }) => headers.length)).toEqual([1, 0]);
});
