import { expect, test } from "vitest";
import {
  count,
  groupBy,
  json,
  type KeyValueStoreDefinition,
  type MillraceError,
  stream,
  string,
  to,
  topic,
  topology,
  toStream,
  long,
} from "../index.ts";
import { TestDriver } from "../testing/index.ts";

const halves = ["\ud83c", "ab\udf9f", `${"x".repeat(100)}\ud83c`, "\udf9f\ud83c"];

test.each(halves)("refuses half a surrogate pair, which would be read as another character: %o", (text) => {
  const refused = expect.objectContaining({
    code: "SERIALIZATION",
    message: expect.stringContaining("half a surrogate pair") as string,
  });
  expect(() => string().serialize(text)).toThrow(refused);
  expect(() => string().serialize.into?.(text, Buffer.alloc(400), 0)).toThrow(refused);
  expect(() => string().check?.(text)).toThrow(refused);
});

test.each(halves)("json() keeps half a surrogate pair as it is: %o", (text) => {
  const bytes = Buffer.from(json<string>().serialize(text) ?? []);
  expect(json<string>().deserialize(bytes, 0, bytes.length)).toBe(text);
});

/** Counts by the first half of what may be an emoji. */
const firsts = topology(
  "firsts",
  stream(topic("in", { key: string(), value: string() })).pipe(
    groupBy((text) => text.slice(0, 1), { key: string(), name: "firsts" }),
    count({ store: "firsts" }),
    toStream(),
    to(topic("out", { key: string(), value: long() })),
  ),
);

test("tells the production handler of a key that was cut in two, with its record", () => {
  const errors: MillraceError[] = [];
  const driver = new TestDriver(firsts, {
    handlers: {
      production: (error) => {
        errors.push(error);
        return "skip";
      },
    },
  });
  const input = topic("in", { key: string(), value: string() });
  for (const value of ["a", "🎟", "🎪"]) driver.pipeInput(input, "k", value, 5);
  expect(errors).toMatchObject([
    { code: "SERIALIZATION", position: { topic: "in", partition: 0, offset: 1 } },
    { code: "SERIALIZATION", position: { topic: "in", partition: 0, offset: 2 } },
  ]);
  expect([...driver.store<KeyValueStoreDefinition>("firsts").all()]).toEqual([["a", 1]]);
});
