import { describe, expect, test } from "vitest";
import {
  filter,
  filterNot,
  foreach,
  type KStream,
  otherwise,
  peek,
  print,
  process,
  processValues,
  type Sink,
  split,
  stream,
  string,
  to,
  topic,
  topology,
} from "../index.ts";
import { TestDriver } from "../testing/index.ts";

const input = topic("in", { key: string(), value: string() });
const output = topic("out", { key: string(), value: string() });
type Words = KStream<string, string>;

/** Fails as well, which must not end the process. */
const asynchronous = (async () => {
  await Promise.resolve();
  throw new Error("too late for anybody");
}) as () => never;

const answering: Readonly<Record<string, (words: Words) => Sink>> = {
  foreach: (words) => words.pipe(foreach(asynchronous)),
  peek: (words) => words.pipe(peek(asynchronous), to(output)),
  print: (words) => words.pipe(print({ write: asynchronous })),
  process: (words) => words.pipe(process({ create: () => asynchronous }), to(output)),
  processValues: (words) => words.pipe(processValues({ create: () => asynchronous }), to(output)),
  filter: (words) => words.pipe(filter(asynchronous), to(output)),
  filterNot: (words) => words.pipe(filterNot(asynchronous), to(output)),
  split: (words) => words.pipe(split({ some: asynchronous, rest: otherwise })).some.pipe(to(output)),
  "a punctuation": (words) =>
    words.pipe(
      process({
        create: ({ schedule }) => {
          schedule(10, "streamTime", asynchronous);
          return () => undefined;
        },
      }),
      to(output),
    ),
};

describe("a promise that nobody would wait for", () => {
  test.for(Object.entries(answering))("stops the task at %s, whatever the handler says", ([, end]) => {
    const driver = new TestDriver(topology("t", end(stream(input))), {
      handlers: { processing: () => "skip" },
    });
    expect(() => driver.pipeInput(input, "k", "v", 10)).toThrow(/answered a promise.*mapAsync/);
    expect(driver.produced).toEqual([]);
    expect(driver.metrics.skipped).toBe(0);
  });

  test("is refused by the types, where other answers are not", () => {
    const seen: string[] = [];
    const words = stream(input);
    const good = [
      words.pipe(foreach((value) => seen.push(value))),
      words.pipe(foreach((value) => [value])),
      words.pipe(foreach((value) => new Map([[value, 1]]))),
      words.pipe(foreach(() => undefined)),
      words.pipe(
        peek(() => {
          seen.length = 0;
        }),
        foreach(() => ({ some: 1 })),
      ),
    ];
    expect(good).toHaveLength(5);
    // @ts-expect-error nobody waits for it
    words.pipe(foreach(async () => await Promise.resolve()));
    // @ts-expect-error nobody waits for it
    words.pipe(peek(async () => await Promise.resolve()));
    // @ts-expect-error nobody waits for it
    words.pipe(process({ create: () => async () => await Promise.resolve() }));
    // @ts-expect-error nobody waits for it
    words.pipe(processValues({ create: () => async () => await Promise.resolve() }));
    process<string, string>({
      create: ({ schedule }) => {
        // @ts-expect-error nobody waits for it
        schedule(1, "wallClock", async () => await Promise.resolve());
        return () => undefined;
      },
    });
  });
});
