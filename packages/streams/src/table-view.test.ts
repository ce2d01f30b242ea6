import { expect, test } from "vitest";
import {
  count,
  filter,
  groupByKey,
  type KStream,
  type KTable,
  mapValues,
  nullable,
  stream,
  string,
  table,
  to,
  type Topic,
  topic,
  topology,
  tumbling,
  type Windowed,
  windowedBy,
} from "./index.ts";
import { forEachRecord } from "./operators/for-each-record.ts";
import { operatorStage } from "./operators/operator-stage.ts";
import { RecordFlow } from "./runtime/task/record-flow.ts";
import { TestDriver } from "./testing/index.ts";

const texts = (name: string): Topic<string, string> => topic(name, { key: string(), value: string() });
const answers = topic("answers", { key: string(), value: nullable(string()) });

/** What a table says of the key of each record: the way in which joins read it. */
const lookUp =
  <K, V>(rows: KTable<K, V>, keyOf: (key: string) => K) =>
  ({ node }: KStream<string, string>): KStream<string, string | null> =>
    operatorStage<"KStream", string, string | null, "left" | "right">(
      "KStream",
      { left: node, right: rows.node },
      {
        operator: "lookUp",
        key: undefined,
        value: undefined,
        attach: ({ left }, task) => {
          const view = rows.node.view?.(task, "now");
          const out = new RecordFlow();
          forEachRecord(left, task, "lookUp", (record) => {
            const row = view?.row(keyOf(record.key as string));
            out.next({
              ...record,
              value: row === undefined ? null : `${String(row.value)}@${row.timestamp}`,
            });
          });
          return out;
        },
      },
    );

const asked = <K, V>(rows: KTable<K, V>, keyOf: (key: string) => K): TestDriver =>
  new TestDriver(topology("t", stream(texts("asks")).pipe(lookUp(rows, keyOf), to(answers))));

const answer = (driver: TestDriver, key: string): string | null | undefined => {
  driver.pipeInput(texts("asks"), key, "", 0);
  return driver.readOutput(answers)[0]?.value;
};

test("a table is read through its filters and mapValues, without a store of their own", () => {
  const driver = asked(
    table(texts("rows"), { store: "rows" }).pipe(
      filter((value) => value !== "hidden"),
      mapValues((value, key) => `${key}=${value}`),
      filter((value) => value !== "b=2"),
    ),
    (key) => key,
  );
  expect(answer(driver, "a")).toBeNull();
  driver.pipeInput(texts("rows"), "a", "1", 5);
  driver.pipeInput(texts("rows"), "b", "2", 6);
  driver.pipeInput(texts("rows"), "c", "hidden", 7);
  expect(["a", "b", "c"].map((key) => answer(driver, key))).toEqual(["a=1@5", null, null]);
  driver.pipeBytes("rows", Buffer.from("a"), null, 8);
  expect(answer(driver, "a")).toBeNull();
});

test("a windowed table is read by key and window", () => {
  const driver = asked(
    stream(texts("rows")).pipe(
      groupByKey(),
      windowedBy(tumbling(10, { grace: 0 })),
      count({ store: "counts" }),
    ),
    (key): Windowed<string> => ({ key, start: 10, end: 20, final: false }),
  );
  for (const at of [9, 10, 12]) driver.pipeInput(texts("rows"), "a", "", at);
  expect([answer(driver, "a"), answer(driver, "b")]).toEqual(["2@12", null]);
});
