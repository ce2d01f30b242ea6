import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";

/** A line that must not compile: where its first error starts, and what that says. */
interface Wrong {
  readonly title: string;
  readonly line: string;
  /** The first error starts where this text first occurs. */
  readonly blames: string;
  readonly says: RegExp;
}

const wrong = (title: string, line: string, blames: string, says: RegExp): Wrong => ({
  title,
  line,
  blames,
  says,
});

const wrongs: readonly Wrong[] = [
  wrong(
    "a count of what is not grouped",
    'stream(words).pipe(count({ store: "c" }));',
    "count(",
    /'"KStream"' is not assignable to type 'Aggregatable'/,
  ),
  wrong(
    "windows over what is not grouped",
    "stream(words).pipe(windowedBy(tumbling(10, noGrace)));",
    "windowedBy",
    /'"KStream"' is not assignable to type '.*"KGroupedStream"/,
  ),
  wrong(
    "a table that is grouped by its key",
    'rows.pipe(groupByKey(), count({ store: "c" }));',
    "groupByKey",
    /'"KTable"' is not assignable to type '"KStream"'/,
  ),
  wrong(
    "a sink for other values",
    "stream(words).pipe(mapValues((word) => word.length), to(words));",
    "words));",
    /'Topic<string, string>' is not assignable to type 'SinkTopic<string, number>'/,
  ),
  wrong(
    "a filtered table in a topic without nulls",
    'rows.pipe(filter((word) => word !== ""), toStream(), to(words));',
    "words)",
    /'Topic<string, string>' is not assignable to type 'SinkTopic<string, string \| null>'/,
  ),
  wrong(
    "a processor that forwards what it has not announced",
    "stream(words).pipe(process({ create: ({ forward }) => (record) => forward({ ...record, value: 1 }) }));",
    "value: 1",
    /Type 'number' is not assignable to type 'string'/,
  ),
  wrong(
    "a processor's output in a topic of others",
    "stream(words).pipe(process({ create: ({ forward }) => (record) => forward(record) }), to(counts));",
    "counts",
    /'Topic<string, number>' is not assignable to type 'SinkTopic<string, string>'/,
  ),
  wrong(
    "a reduce of a grouped table without subtract",
    'grouped.pipe(reduce({ store: "r", add: (a, b) => a + b }));',
    "{ store",
    /Property 'subtract' is missing in type/,
  ),
  wrong(
    "an aggregate of a grouped table without subtract",
    'grouped.pipe(aggregate({ store: "a", value: long(), init: () => 0, add: (n) => n + 1 }));',
    "{ store",
    /Property 'subtract' is missing in type/,
  ),
  wrong(
    "an aggregate of a stream that subtracts",
    'stream(words).pipe(groupByKey(), reduce({ store: "r", add: (a, b) => a + b, subtract: (a) => a }));',
    "subtract",
    /"only the aggregates of a grouped table subtract"/,
  ),
  wrong(
    "a retention without windows",
    'stream(words).pipe(groupByKey(), count({ store: "c", retention: 5 }));',
    "retention",
    /'retention' does not exist in type/,
  ),
  wrong(
    "an aggregate that starts as something else",
    'stream(words).pipe(groupByKey(), aggregate({ store: "a", value: long(), init: () => "0", add: (n) => n }));',
    '"0"',
    /Type 'string' is not assignable to type 'number'/,
  ),
  wrong(
    "a new key without a serde",
    "stream(words).pipe(groupBy((word) => word.length, {}));",
    "{}",
    /Property 'key' is missing in type '{}'/,
  ),
  wrong(
    "a new key of another type than its serde",
    "stream(words).pipe(groupBy((word) => word.length, { key: string() }));",
    "word.length",
    /Type 'number' is not assignable to type 'string'/,
  ),
  wrong(
    "rows grouped without a value",
    "rows.pipe(groupBy((word) => word, { key: string(), value: string() }));",
    "word, {",
    /'string' is not assignable to type 'readonly \[key: string \| null, value: string\]'/,
  ),
  wrong(
    "rows grouped without the serde of their new values",
    "rows.pipe(groupBy((word) => [word, word.length], { key: string() }));",
    "{ key",
    /Property 'value' is missing in type '{ key: Serde<string>; }'/,
  ),
  wrong(
    "a guard of what is not there",
    "stream(words).pipe(filter((word) => word.attendees > 0));",
    "attendees",
    /Property 'attendees' does not exist on type 'string'/,
  ),
  wrong(
    "a predicate that is none",
    "stream(words).pipe(filter((word) => word.length));",
    "word.length",
    /Type 'number' is not assignable to type 'boolean'/,
  ),
  wrong(
    "a branch that does not exist",
    "stream(words).pipe(split({ a: otherwise })).b;",
    "b;",
    /Property 'b' does not exist on type 'Branches/,
  ),
  wrong(
    "a choice of a topic of other values",
    "stream(words).pipe(to(() => counts));",
    "() => counts",
    /Type 'string' is not assignable to type 'number'/,
  ),
  wrong(
    "merging a table",
    "stream(words).pipe(merge(rows));",
    "rows",
    /'"KTable"' is not assignable to type '"KStream"'/,
  ),
  wrong(
    "a join of other keys",
    "stream(words).pipe(join(numbered, (word, other) => word + other));",
    "numbered, (",
    /"both sides of a join must have keys of the same type; windowed keys are joined with windowed ones"/,
  ),
  wrong(
    "a join of windows with what has none",
    "rows.pipe(leftJoin(windows, (word, n) => `${word} ${n}`));",
    "windows, (",
    /"both tables of a join must have keys of the same type \(windowed with windowed ones\), or be joined by/,
  ),
  wrong(
    "a foreign key of another type than the other table's key",
    'rows.pipe(join(numbered, (word) => word, (word, other) => word + other, { name: "fk" }));',
    "word, (word, other",
    /Type 'string' is not assignable to type 'number'/,
  ),
  wrong(
    "a join by a foreign key without a name",
    "rows.pipe(join(numbered, (word) => word.length, (word, other) => word + other, {}));",
    "{}",
    /Property 'name' is missing in type '{}'/,
  ),
  wrong(
    "a join of a table with a stream by a foreign key",
    'rows.pipe(join(stream(words), () => "k", (word, other) => word + other, { name: "fk" }));',
    "stream(words)",
    /"only a table has rows that a foreign key could name"/,
  ),
  wrong(
    "a join of a table with a global one by a foreign key",
    'rows.pipe(leftJoin(everywhere, () => "k", (word, other) => word + other, { name: "fk" }));',
    "everywhere",
    /"only a table has rows that a foreign key could name"/,
  ),
  wrong(
    "a stream joined by a foreign key",
    'stream(words).pipe(join(numbered, (word) => word.length, (word, other) => word + other, { name: "fk" }));',
    "join",
    /'"KStream"' is not assignable to type '"KTable"'/,
  ),
  wrong(
    "a left join by a foreign key that takes the other side for granted",
    'rows.pipe(leftJoin(numbered, (word) => word.length, (word, other) => other.length, { name: "fk" }));',
    "other.length",
    /'other' is possibly 'null'/,
  ),
  wrong(
    "tables of other keys that are joined by none",
    "rows.pipe(join(numbered, (word, other) => word + other));",
    "numbered",
    /both tables of a join must have keys of the same type .*, or be joined by a foreign key: join\(table, foreignKey, joiner, { name }\)/,
  ),
  wrong(
    "an outer join of a stream with a table",
    "stream(words).pipe(outerJoin(rows, (word, other) => `${word} ${other}`));",
    "rows, (",
    /"a stream has no outer join with a table, for a row alone makes no record: use leftJoin\(\)"/,
  ),
  wrong(
    "a join of a table with a stream",
    "rows.pipe(join(stream(words), (word, other) => word + other));",
    "stream(words), (",
    /"a table can't be joined with a stream: join the stream with the table"/,
  ),
  wrong(
    "a join of streams without windows",
    'stream(words).pipe(join(stream(words), (word, other) => word + other, { name: "j" }));',
    '{ name: "j" }',
    /Property 'windows' is missing/,
  ),
  wrong(
    "a table joined with a global one",
    "rows.pipe(join(everywhere, (word, other) => word + other, { on: (word) => word }));",
    "everywhere",
    /"a table can't be joined with a global table: join the stream of its changes, toStream\(\)"/,
  ),
  wrong(
    "a global table on the left",
    "everywhere.pipe(join(rows, (word, other) => word + other));",
    "join",
    /'"GlobalKTable"' is not assignable to type 'LeftKind'/,
  ),
  wrong(
    "a global table without the key that is looked up",
    "stream(words).pipe(join(everywhere, (word, other) => word + other));",
    "join",
    /Expected 3 arguments, but got 2/,
  ),
  wrong(
    "a global table looked up by other keys",
    "stream(words).pipe(join(everywhere, (word, other) => word + other, { on: (word) => word.length }));",
    "word.length",
    /Type 'number' is not assignable to type 'string'/,
  ),
  wrong(
    "grace where two tables are joined",
    "rows.pipe(join(rows, (word, other) => word + other, { grace: 5 }));",
    "grace",
    /'grace' does not exist in type/,
  ),
  wrong(
    "a left join that takes the other side for granted",
    "stream(words).pipe(leftJoin(rows, (word, other) => word + other.length));",
    "other.length",
    /'other' is possibly 'null'/,
  ),
  wrong(
    "a store for a stream's filter",
    'stream(words).pipe(filter((word) => word !== "", { store: "f" }));',
    "store",
    /"only tables are kept in stores: use toTable\(\)"/,
  ),
  wrong(
    "a window store for a count without windows",
    "stream(words).pipe(groupByKey(), count({ store: windowed }));",
    "store",
    /'WindowStoreDefinition<string, number>' is not assignable to type 'StoreNameOr<KeyValueStoreDefinition<string, number>>'/,
  ),
  wrong(
    "a session store for an aggregate without windows",
    "stream(words).pipe(groupByKey(), aggregate({ store: session, value: long(), init: () => 0, add: (n) => n }));",
    "store",
    /'SessionStoreDefinition<string, number>' is not assignable to type 'StoreNameOr<KeyValueStoreDefinition<string, number>>'/,
  ),
  wrong(
    "a key-value store for a count of windows",
    "stream(words).pipe(groupByKey(), windowedBy(tumbling(10, noGrace)), count({ store: byKey }));",
    "store",
    /'KeyValueStoreDefinition<string, number>' is not assignable to type 'StoreNameOr<WindowStoreDefinition<string, number>>'/,
  ),
  wrong(
    "a session store for a count of windows",
    "stream(words).pipe(groupByKey(), windowedBy(tumbling(10, noGrace)), count({ store: session }));",
    "store",
    /'SessionStoreDefinition<string, number>' is not assignable to type 'StoreNameOr<WindowStoreDefinition<string, number>>'/,
  ),
  wrong(
    "a window store for a count of sessions",
    "stream(words).pipe(groupByKey(), windowedBy(sessions(10, noGrace)), count({ store: windowed }));",
    "store",
    /'WindowStoreDefinition<string, number>' is not assignable to type 'StoreNameOr<SessionStoreDefinition<string, number>>'/,
  ),
  wrong(
    "a versioned store for a count of windows",
    "stream(words).pipe(groupByKey(), windowedBy(tumbling(10, noGrace)), count({ store: versioned }));",
    "store",
    /'VersionedStoreDefinition<string, number>' is not assignable to type 'StoreNameOr<WindowStoreDefinition<string, number>>'/,
  ),
  wrong(
    "a window store for a table",
    "table(counts, { store: windowed });",
    "store",
    /'WindowStoreDefinition<string, number>' is not assignable to type 'StoreNameOr<TableStoreDefinition<string, number>>/,
  ),
  wrong(
    "a store of other values",
    "stream(words).pipe(groupByKey(), reduce({ store: byKey, add: (one) => one }));",
    "store",
    /'KeyValueStoreDefinition<string, number>' is not assignable to type 'StoreNameOr<KeyValueStoreDefinition<string, string>>'/,
  ),
  wrong(
    "a transformer that forgets to answer",
    "rows.pipe(transformValues({ create: () => () => undefined }));",
    "undefined",
    /Type 'undefined' is not assignable to type '{} \| null'/,
  ),
  wrong(
    "a stream of what is no topic",
    'stream("words");',
    '"words"',
    /Argument of type 'string' is not assignable to parameter of type 'Topic<unknown, unknown>'/,
  ),
  wrong(
    "a misspelt option of a stream",
    'stream(words, { nme: "w" });',
    "nme",
    /'nme' does not exist in type 'Named'/,
  ),
  wrong(
    "a suppress until windows close of what has none",
    'rows.pipe(suppress(untilWindowCloses(), { store: "s" }));',
    "untilWindowCloses",
    /Type 'string' is not assignable to type 'Windowed<unknown>'/,
  ),
  wrong(
    "a join of streams in windows of an aggregate",
    'stream(words).pipe(join(stream(words), (one) => one, { name: "j", windows: tumbling(10, noGrace) }));',
    "windows",
    /Type 'TimeWindows' is missing the following properties from type 'JoinWindows': before, after/,
  ),
  wrong(
    "a store that a processor has not asked for",
    "stream(words).pipe(process({ stores: { byKey }, create: ({ stores }) => (r) => stores.other.put(r.key, 1) }));",
    "other",
    /Property 'other' does not exist on type 'StoresOf/,
  ),
  wrong(
    "a processor that is none",
    "stream(words).pipe(process({ create: () => undefined }));",
    "undefined",
    /Type 'undefined' is not assignable to type 'Processor<string, string>'/,
  ),
  wrong(
    "a cogroup that adds something else",
    "stream(words).pipe(groupByKey(), cogroup((n: number, word) => word));",
    "(n: number",
    /Type 'string' is not assignable to type 'number'/,
  ),
  wrong(
    "21 operators",
    `stream(words).pipe(${'filter((word) => word !== ""), '.repeat(20)}groupByKey(), count({ store: "c" }));`,
    "groupByKey",
    /"a pipe takes at most 20 operators: pipe the rest from its result"/,
  ),
];

const names = [
  ..."aggregate count filter groupBy groupByKey join keyValueStore leftJoin long mapValues merge".split(" "),
  ..."cogroup globalTable noGrace outerJoin sessions sessionStore suppress transformValues".split(" "),
  ..."untilWindowCloses versionedStore windowStore".split(" "),
  ..."otherwise process reduce split stream string table to topic toStream tumbling windowedBy".split(" "),
];

const prelude = (index: string): string =>
  [
    `import { ${names.join(", ")} } from ${JSON.stringify(index)};`,
    'const words = topic("words", { key: string(), value: string() });',
    'const counts = topic("counts", { key: string(), value: long() });',
    'const rows = table(words, { store: "rows" });',
    'const numbered = table(topic("numbered", { key: long(), value: string() }), { store: "numbered" });',
    'const everywhere = globalTable(topic("everywhere", { key: string(), value: string() }), { store: "e" });',
    'const windows = stream(words).pipe(groupByKey(), windowedBy(tumbling(10, noGrace)), count({ store: "w" }));',
    'const byKey = keyValueStore("by-key", { key: string(), value: long() });',
    'const windowed = windowStore("wi", { key: string(), value: long(), windowSize: 10, retention: 10 });',
    'const session = sessionStore("se", { key: string(), value: long(), retention: 10 });',
    'const versioned = versionedStore("ve", { key: string(), value: long(), historyRetention: 10 });',
    "const grouped = rows.pipe(groupBy((word) => [word, word], { key: string(), value: string() }));",
    "",
  ].join("\n");

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const root = here("../../../");
let folder: string;
let report: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "millrace-wrong-"));
  const start = prelude(here("./index.ts"));
  await Promise.all([
    ...wrongs.map(({ line }, at) => writeFile(join(folder, `wrong-${at}.ts`), `${start}${line}\n`)),
    writeFile(
      join(folder, "tsconfig.json"),
      JSON.stringify({
        extends: join(root, "tsconfig.base.json"),
        compilerOptions: {
          noEmit: true,
          rewriteRelativeImportExtensions: false,
          allowImportingTsExtensions: true,
          typeRoots: [join(root, "node_modules/@types")],
        },
        include: ["*.ts"],
      }),
    ),
    writeFile(join(folder, "package.json"), '{ "type": "module" }'),
  ]);
  report = await new Promise((resolve) => {
    execFile(
      join(root, "node_modules/.bin/tsc"),
      ["-p", folder, "--pretty", "false", "--noErrorTruncation"],
      { cwd: folder, maxBuffer: 1 << 26 },
      (_error, stdout) => resolve(stdout),
    );
  });
}, 120_000);

afterAll(() => rm(folder, { recursive: true, force: true }));

test.for(wrongs.map((one, at) => [one.title, one, at] as const))("refuses %s", ([, one, at]) => {
  const { line, blames, says } = one;
  // Its lines that are not indented begin an error each; what follows indented explains it.
  const [first = "none"] = report.split(/\n(?! )/).filter((error) => error.startsWith(`wrong-${at}.ts`));
  const [, row, column] = /\((\d+),(\d+)\)/.exec(first) ?? [];
  expect(first).toMatch(says);
  expect([Number(row), line.slice(Number(column) - 1).slice(0, blames.length)]).toEqual([13, blames]);
});
