import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { lmdbState } from "@millrace/lmdb";
import type { StateRow } from "@millrace/operations";
import { createApp, noHeaders } from "@millrace/streams";
import { simulatedCluster } from "@millrace/streams/testing";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { counting } from "../test/counting.ts";
import { keyChoice } from "./key-choice.ts";
import { listChangelogs } from "./list-stores.ts";
import { payloadFormat, serdeFormat } from "./payload-format.ts";
import { rowJson, rowsText } from "./show-rows.ts";
import { state } from "./state-command.ts";
import { type SourceOptions, stateSource } from "./state-source.ts";

const module = fileURLToPath(new URL("../test/counting.ts", import.meta.url));
const directory = mkdtempSync(join(tmpdir(), "state-command-"));
const cluster = simulatedCluster();
const transport = cluster.transport();

beforeAll(async () => {
  for (const name of ["words", "seconds", "places"])
    cluster.createTopic({ topic: name, partitions: name === "places" ? 1 : 2, configs: {} });
  const producer = await transport.createProducer({ transactionTimeoutMs: 10_000, compression: "none" });
  await producer.prepareTopics(["words", "places"]);
  const send = (topic: string, partition: number, key: string, value: string, at: number): void =>
    producer.append(topic, partition, Buffer.from(key), Buffer.from(value), at, noHeaders);
  send("places", 0, "p1", '{"city":"Bonn"}', 5);
  for (const [at, key] of ["apple", "avocado", "apple"].entries()) send("words", 0, key, "w", 1_500 + at);
  send("words", 1, "beet", "w", 3_000);
  await producer.flush();
  await producer.close();
  const app = createApp(counting, {
    transport: cluster.transport(),
    commitIntervalMs: 10,
    state: await lmdbState({ directory }),
    log: () => undefined,
  });
  await app.start();
  await vi.waitUntil(() => app.failure !== undefined || app.metrics.processed === 4, { timeout: 10_000 });
  await app.stop();
});

afterAll(() => {
  cluster.close();
  rmSync(directory, { recursive: true, force: true });
});

let printed: string[] = [];
afterEach(() => {
  printed = [];
  vi.restoreAllMocks();
});

const run = async (...args: readonly string[]): Promise<readonly string[]> => {
  vi.spyOn(process.stdout, "write").mockImplementation((text) => printed.push(String(text)) > 0);
  await state.run(args);
  return printed.join("").trimEnd().split("\n");
};

const rowsOf = async (store: string, options: SourceOptions, key?: string): Promise<readonly string[]> => {
  const source = await stateSource(store, options);
  const { definition } = source;
  const auto = payloadFormat("--key", "auto", undefined);
  const format =
    definition === undefined
      ? { key: auto, value: payloadFormat("--value", "long", undefined) }
      : { key: serdeFormat(definition.key), value: serdeFormat(definition.value) };
  const rows: string[] = [];
  const matches = keyChoice({ key }, format.key);
  for await (const row of source.rows({ matches }, transport)) rows.push(await rowJson(row, format));
  return rows;
};

const counts = [
  '{"partition":0,"timestamp":1502,"key":"apple","value":2}',
  '{"partition":0,"timestamp":1501,"key":"avocado","value":1}',
  '{"partition":1,"timestamp":3000,"key":"beet","value":1}',
];
const seconds = [
  '{"partition":0,"start":1000,"timestamp":1502,"key":"apple","value":2}',
  '{"partition":0,"start":1000,"timestamp":1501,"key":"avocado","value":1}',
  '{"partition":1,"start":3000,"timestamp":3000,"key":"beet","value":1}',
];

describe("a state directory", () => {
  test("is listed, dumped, asked for a key, a range and a prefix, by the module's serdes or as said", async () => {
    expect(await run("list", "--dir", directory, "--json")).toEqual(
      [0, 1].flatMap((partition) =>
        ["counts", "by-second"].map((store) =>
          expect.stringMatching(
            new RegExp(
              `"store":"${store}","kind":"${store === "counts" ? "keyValue" : "window"}","partition":${partition}`,
            ),
          ),
        ),
      ),
    );
    printed = [];
    expect(await run("dump", "counts", "--dir", directory, "--value", "long", "--json")).toEqual(counts);
    printed = [];
    expect(await run("dump", "by-second", "--dir", directory, "--module", module, "--json")).toEqual(seconds);
    printed = [];
    expect(await run("get", "counts", "avocado", "--dir", directory, "--module", module, "--json")).toEqual([
      counts[1],
    ]);
    printed = [];
    expect(
      await run("range", "counts", "--prefix", "a", "--dir", directory, "--module", module, "--json"),
    ).toEqual(counts.slice(0, 2));
    printed = [];
    const range = [
      "range",
      "counts",
      "--from",
      "avocado",
      "--to",
      "beet",
      "--dir",
      directory,
      "--module",
      module,
    ];
    expect(await run(...range, "--json")).toEqual([counts[1]]);
    printed = [];
    expect(await run("dump", "counts", "--dir", directory, "--partition", "1", "--value", "hex")).toEqual([
      "PARTITION  KEY     TIME                      VALUE",
      '        1  "beet"  1970-01-01T00:00:03.000Z  "0x0000000000000001"',
    ]);
    printed = [];
    expect(await run("dump", "counts", "--dir", directory, "--limit", "1", "--json")).toHaveLength(1);
  });

  test("is refused with what is wrong", async () => {
    await expect(run("get", "counts", "nobody", "--dir", directory)).rejects.toThrow(
      '"counts" has no key nobody',
    );
    await expect(run("dump", "count", "--dir", directory)).rejects.toThrow(
      /has no store "count"; it has "counts", "by-second"/,
    );
    await expect(run("dump", "counts", "--dir", join(directory, "no"))).rejects.toThrow(/holds no state/);
    await expect(run("dump", "counts", "--dir", directory, "--value", "avro")).rejects.toThrow(
      /--value is avro: give --registry/,
    );
    await expect(run("dump", "counts", "--dir", directory, "--key", "text")).rejects.toThrow(
      /--key is "text"; it must be one of auto,/,
    );
    await expect(run("dump", "counts")).rejects.toThrow(/say where the state is/);
    await expect(run("get", "counts", "a", "--dir", directory, "--prefix", "b", "--to", "c")).rejects.toThrow(
      /^--prefix, --to is of no use to state get, which takes --brokers, --dir/,
    );
    await expect(run("list", "--dir", directory, "--limit", "1")).rejects.toThrow(/^--limit is of no use to/);
    await expect(run("dump", "counts", "--dir", directory, "--topic", "t")).rejects.toThrow(/in one way/);
    await expect(run("dump", "nothing", "--module", module)).rejects.toThrow(
      /has no store "nothing"; it has "counts", "by-second", "places"/,
    );
  });
});

describe("a changelog", () => {
  test("holds the same, by the module or by the application's id and what is said of its layout", async () => {
    expect(await rowsOf("counts", { module })).toEqual(counts);
    expect(await rowsOf("counts", { application: "counting" })).toEqual(counts);
    expect(await rowsOf("by-second", { module })).toEqual(seconds);
    expect(await rowsOf("by-second", { application: "counting", kind: "window" })).toEqual(seconds);
    expect(await rowsOf("counts", { module }, "avocado")).toEqual([counts[1]]);
  });

  test("of a global table is the topic that it reads", async () => {
    expect(await rowsOf("places", { module })).toEqual([
      '{"partition":0,"timestamp":5,"key":"p1","value":{"city":"Bonn"}}',
    ]);
  });

  test("is found by its application", async () => {
    expect(await listChangelogs(transport, "counting", false)).toEqual([
      expect.stringMatching(/^STORE +PARTITIONS +OFFSETS +CHANGELOG$/),
      expect.stringMatching(/^by-second +2 +\d+ +counting-by-second-changelog$/),
      expect.stringMatching(/^counts +2 +\d+ +counting-counts-changelog$/),
    ]);
    expect(await listChangelogs(transport, "nobody", false)).toEqual(['"nobody" has no changelogs']);
  });
});

describe("keys and values", () => {
  const auto = payloadFormat("--key", "auto", undefined);

  test.each([
    [Buffer.from("plain"), '"plain"'],
    [Buffer.from('{"a":1}'), '{"a":1}'],
    [Buffer.from("{no json"), '"{no json"'],
    [Buffer.of(0, 0, 0, 1), '"0x00000001"'],
    [Buffer.of(0xff), '"0xff"'],
    [Buffer.alloc(0), '""'],
  ])("are guessed at where nothing is said: %s", async (bytes, text) => {
    expect(await auto.read(bytes)).toBe(text);
  });

  test("that can't be read are told with their bytes", async () => {
    const long = payloadFormat("--value", "long", undefined);
    expect(await long.read(Buffer.from("abc"))).toMatch(
      /^{"unreadable":".*8 bytes, not 3.*","bytes":"0x616263"}$/,
    );
  });

  test("are written as the format has them, or given as bytes", () => {
    expect(payloadFormat("--key", "long", undefined).write("9007199254740993").toString("hex")).toBe(
      "0020000000000001",
    );
    expect(payloadFormat("--key", "json", undefined).write('{ "a": 1 }').toString()).toBe('{"a":1}');
    expect(auto.write("0x00ff")).toEqual(Buffer.of(0, 255));
    expect(auto.write("text")).toEqual(Buffer.from("text"));
    expect(() => payloadFormat("--key", "int", undefined).write("many")).toThrow(/"many" is no key for int/);
    for (const [name, text] of [
      ["long", ""],
      ["int", " "],
      ["double", ""],
      ["double", "many"],
      ["int", "1e3"],
    ] as const)
      expect(() => payloadFormat("--key", name, undefined).write(text), name).toThrow(/is no key for/);
    expect(payloadFormat("--key", "long", undefined).write("-9007199254740993").toString("hex")).toBe(
      "ffdfffffffffffff",
    );
    expect(payloadFormat("--key", "double", undefined).write("1e3").readDoubleBE()).toBe(1_000);
  });

  test("of a session are shown with both of its ends", async () => {
    const row: StateRow = {
      partition: 0,
      key: Buffer.from("k\u001b[2J"),
      start: 1_000,
      end: 2_000,
      sequence: undefined,
      timestamp: 2_000,
      value: null,
    };
    expect(await rowsText([row], { key: auto, value: auto }, true)).toEqual([
      expect.stringMatching(/^PARTITION +KEY +START +END +TIME +VALUE$/),
      expect.stringMatching(
        /^ +0 +"0x6b1b5b324a" +1970-01-01T00:00:01.000Z +1970-01-01T00:00:02.000Z .* null$/,
      ),
    ]);
  });
});
