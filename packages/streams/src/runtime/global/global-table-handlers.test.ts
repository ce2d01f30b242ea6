import { expect, test } from "vitest";
import { globalTable, join, json, stream, string, to, topic, topology } from "../../index.ts";
import { TestDriver } from "../../testing/index.ts";

const texts = { key: string(), value: string() };
const input = topic("in", texts);
const names = topic("names", { key: string(), value: json<string>() });
const joined = topology(
  "joined",
  stream(input).pipe(
    join(globalTable(names, { store: "names" }), (value, name) => `${value} ${name}`, {
      on: (value) => value,
    }),
    to(topic("out", texts)),
  ),
);

test("an answer of a handler that is none of those it can give leaves nothing out of a global table", () => {
  for (const answer of [undefined, null, "ignore", Promise.resolve("skip")]) {
    const driver = new TestDriver(joined, { handlers: { deserialization: () => answer as never } });
    expect(() => driver.pipeBytes("names", Buffer.from("k"), Buffer.from("{"))).toThrow(/the json serde/);
  }
});
