import { describe, expect, test } from "vitest";
import {
  count,
  groupByKey,
  hopping,
  keyValueStore,
  mapAsync,
  noGrace,
  repartition,
  stream,
  string,
  suppress,
  table,
  topic,
  topology,
  TopologyError,
  tumbling,
  unlimited,
  untilWindowCloses,
  windowedBy,
  windowStore,
} from "./index.ts";

const texts = topic("texts", { key: string(), value: string() });
const grouped = stream(texts).pipe(groupByKey());

describe("what can't work is refused when it is written", () => {
  test.for<[string, () => unknown]>([
    ["a window without length", () => tumbling(0, noGrace)],
    ["a window of no number", () => tumbling(Number.NaN, noGrace)],
    ["a negative grace", () => tumbling(10, { grace: -1 })],
    ["an advance that leaves gaps", () => hopping(10, 11, noGrace)],
    ["an advance of nothing", () => hopping(10, 0, noGrace)],
    [
      "a window store that forgets too early",
      () => windowStore("s", { key: string(), value: string(), windowSize: 10, retention: 9 }),
    ],
    ...[unlimited(), tumbling(10, { grace: Number.POSITIVE_INFINITY })].flatMap(
      (windows): readonly [string, () => unknown][] => [
        [
          `finals of windows of ${windows.size} ms that never close`,
          () => grouped.pipe(windowedBy(windows, { emit: "finals" })),
        ],
        [
          `a suppress until windows of ${windows.size} ms close, which they never do`,
          () =>
            grouped.pipe(
              windowedBy(windows),
              count({ store: "c" }),
              suppress(untilWindowCloses(), { store: "s" }),
            ),
        ],
      ],
    ),
    ["no concurrency", () => stream(texts).pipe(mapAsync((value) => value, { concurrency: 0 }))],
    [
      "a repartition topic without partitions",
      () => stream(texts).pipe(repartition({ name: "r", partitions: 0 })),
    ],
    [
      "a store that has not its table's topic as its changelog",
      () =>
        table(texts, {
          store: keyValueStore("s", { key: string(), value: string() }),
          sourceAsChangelog: true,
        }),
    ],
  ])("%s", ([, define]) => {
    expect(define).toThrow(TopologyError);
  });
});

test("a table may have its topic as its changelog", () => {
  const [part] = topology("t", table(texts, { store: "t", sourceAsChangelog: true })).subTopologies;
  expect(part?.stores).toMatchObject([{ name: "t", changelogTopic: "texts" }]);
});
