import { identity } from "rxjs";
import { expect, test } from "vitest";
import {
  count,
  filter,
  groupByKey,
  type KStream,
  mapAsync,
  mapValues,
  merge,
  peek,
  processValues,
  type Sink,
  stream,
  string,
  to,
  toStream,
  topic,
  topology,
  via,
} from "../../index.ts";
import { mayReadAhead } from "./may-read-ahead.ts";

const input = topic("in", { key: string(), value: string() });
const other = topic("other", { key: string(), value: string() });
const output = topic("out", { key: string(), value: string() });
const text = { value: string() };

const call = mapAsync<string, string, string>((value) => value, { concurrency: 1, ...text });
const passing = processValues<string, string, string>({
  create: (context) => (record) => context.forward(record),
});
const source = (): KStream<string, string> => stream(input);
const of = (...sinks: readonly [Sink, ...Sink[]]): readonly boolean[] =>
  topology("t", ...sinks).subTopologies.map(mayReadAhead);
const keeps = (values: KStream<string, string>): Sink =>
  values.pipe(
    groupByKey(),
    count({ store: "c" }),
    toStream(),
    mapValues((n) => String(n), text),
    call,
    to(output),
  );

test.each<[string, Sink[]]>([
  ["a call first", [source().pipe(call, to(output))]],
  [
    "a call after what remembers nothing",
    [
      source().pipe(
        filter(() => true),
        peek(() => undefined),
        call,
        to(output),
      ),
    ],
  ],
  ["a call after a processor without stores", [source().pipe(passing, call, to(output))]],
  ["a call before a store", [keeps(source().pipe(call))]],
  ["calls on every way", [source().pipe(call, to(output)), source().pipe(call, to(other))]],
  ["two streams that meet before the call", [source().pipe(merge(stream(other)), call, to(output))]],
])("a task reads ahead to %s", (_, sinks) => {
  expect(of(...(sinks as [Sink]))).toEqual([true]);
});

test.each<[string, Sink[]]>([
  ["there is no call", [source().pipe(to(output))]],
  ["a store stands before the call", [keeps(source())]],
  ["a sink stands beside the call", [source().pipe(call, to(output)), source().pipe(to(other))]],
  ["an operator of others stands before it", [source().pipe(via(identity), call, to(output))]],
])("a task does not read ahead where %s", (_, sinks) => {
  expect(of(...(sinks as [Sink]))).not.toContain(true);
});
