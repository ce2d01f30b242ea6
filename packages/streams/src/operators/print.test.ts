import { expect, test, vi } from "vitest";
import { json, mapValues, print, stream, topic, topology } from "../index.ts";
import { TestDriver } from "../testing/index.ts";

const input = topic("in", { key: json<unknown>(), value: json<unknown>() });

const printed = (
  options: Parameters<typeof print<unknown, unknown>>[0],
  name?: string,
): readonly string[] => {
  const lines: string[] = [];
  const driver = new TestDriver(
    topology(
      "printed",
      stream(input).pipe(
        mapValues((value) => value, name === undefined ? {} : { name }),
        print({ write: (line) => lines.push(line), ...options }),
      ),
    ),
  );
  driver.pipeInput(input, "k", { a: [1, "b"] }, 5);
  driver.pipeInput(input, 7, "text", 6);
  return lines;
};

test("writes each record's key and value on a line, under the name of what is printed", () => {
  expect(printed({})).toEqual(["[mapValues]: k, { a: [ 1, 'b' ] }", "[mapValues]: 7, text"]);
  expect(printed({}, "cleaned")).toEqual(["[cleaned]: k, { a: [ 1, 'b' ] }", "[cleaned]: 7, text"]);
});

test("takes another label and another text", () => {
  expect(
    printed({ label: "here", text: (_value, key, { timestamp }) => `${String(key)}@${timestamp}` }),
  ).toEqual(["[here]: k@5", "[here]: 7@6"]);
});

test("writes to the standard output by default", () => {
  const write = vi.spyOn(process.stdout, "write").mockReturnValue(true);
  try {
    const driver = new TestDriver(topology("printed", stream(input).pipe(print())));
    driver.pipeInput(input, "k", "v", 5);
    expect(write.mock.calls.map(([text]) => text)).toEqual(["[stream]: k, v\n"]);
  } finally {
    write.mockRestore();
  }
});

test("is described as Kafka Streams' printer, or by its name", () => {
  expect(topology("printed", stream(input).pipe(print())).describe()).toContain("KSTREAM-PRINTER-0000000001");
  expect(topology("printed", stream(input).pipe(print({ name: "look" }))).describe()).toContain(
    "Processor: look (stores: [])",
  );
});
