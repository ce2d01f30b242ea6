import { map as rxMap } from "rxjs";
import { expectTypeOf, test } from "vitest";
import {
  aggregate,
  type App,
  cogroup,
  type CogroupedKStream,
  count,
  createApp,
  filter,
  filterNot,
  groupBy,
  groupByKey,
  hours,
  join,
  joinStore,
  joinWindows,
  json,
  type KeyValueStore,
  keyValueStore,
  type KGroupedStream,
  type KGroupedTable,
  type KStream,
  type KTable,
  leftJoin,
  long,
  map,
  mapAsync,
  mapValues,
  merge,
  noGrace,
  nullable,
  otherwise,
  outerJoin,
  peek,
  process,
  type ProcessorContext,
  processValues,
  reduce,
  sessionStore,
  sessions,
  untilTimeLimit,
  untilWindowCloses,
  suppress,
  sessionWindowed,
  type SessionFinalsKStream,
  type SessionWindowedKStream,
  type Sink,
  type TopologyEnd,
  split,
  type Stage,
  stream,
  type StreamRecord,
  string,
  table,
  type TimeWindowedKStream,
  to,
  toStream,
  type Topic,
  topic,
  topology,
  tumbling,
  type VersionedRecord,
  versionedStore,
  via,
  windowed,
  type Windowed,
  windowedBy,
  windowStore,
} from "./index.ts";

interface Booking {
  readonly id: string;
  readonly attendees: number;
}
const bookings: Topic<string, Booking> = topic("bookings", { key: string(), value: json<Booking>() });
const words: Topic<string, string> = topic("words", { key: string(), value: string() });
const counts: Topic<string, number> = topic("counts", { key: string(), value: long() });
const hourly: Topic<Windowed<string>, number> = topic("hourly", {
  key: windowed(string(), hours(1)),
  value: long(),
});
const windows = tumbling(hours(1), noGrace);

test("kinds, keys and values flow through a pipe", () => {
  const source = stream(bookings);
  expectTypeOf(source).toEqualTypeOf<KStream<string, Booking>>();
  expectTypeOf(source.pipe(groupByKey())).toEqualTypeOf<KGroupedStream<string, Booking>>();
  expectTypeOf(source.pipe(groupByKey(), windowedBy(windows))).toEqualTypeOf<
    TimeWindowedKStream<string, Booking>
  >();
  expectTypeOf(source.pipe(groupByKey(), count({ store: "c" }))).toEqualTypeOf<KTable<string, number>>();
  expectTypeOf(source.pipe(groupByKey(), windowedBy(windows), count({ store: "c" }))).toEqualTypeOf<
    KTable<Windowed<string>, number>
  >();
  expectTypeOf(
    source.pipe(
      filter((booking, key) => booking.attendees > 0 && key !== ""),
      map((booking) => [booking.attendees, booking.id]),
    ),
  ).toEqualTypeOf<KStream<number, string>>();
  expectTypeOf(
    source.pipe(
      groupByKey(),
      windowedBy(windows),
      aggregate({ store: "a", value: long(), init: () => 0, add: (sum, { attendees }) => sum + attendees }),
      toStream(),
      to(hourly),
    ),
  ).toExtend<Sink>();
  expectTypeOf(source.pipe(mapAsync(async ({ id }) => id, { concurrency: 4 }))).toEqualTypeOf<
    KStream<string, string>
  >();
  expectTypeOf(source.pipe(via(rxMap((record) => record)))).toExtend<Stage<"KStream", string, Booking>>();
});

test("an aggregate that may go is null where it has gone", () => {
  const sums = stream(bookings).pipe(
    groupByKey(),
    aggregate({
      store: "a",
      value: long(),
      init: () => 0,
      add: (sum, { attendees }) => (attendees === 0 ? null : sum + attendees),
    }),
    toStream(),
  );
  expectTypeOf(sums).toEqualTypeOf<KStream<string, number | null>>();
  sums.pipe(
    to(
      // @ts-expect-error counts takes no null
      counts,
    ),
  );
  sums.pipe(to(topic("sums", { key: string(), value: nullable(long()) })));
});

test("null keys are gone once they are grouped", () => {
  const unsure = topic("unsure", { key: nullable(string()), value: string() });
  expectTypeOf(stream(unsure).pipe(groupByKey())).toEqualTypeOf<KGroupedStream<string, string>>();
});

test("a cogroup makes one value of several streams, and ends in aggregate", () => {
  const grouped = stream(bookings).pipe(groupByKey());
  const started = grouped.pipe(cogroup((sum: number, { attendees }) => sum + attendees));
  expectTypeOf(started).toEqualTypeOf<CogroupedKStream<string, number>>();
  const others = stream(words).pipe(groupByKey());
  const both = started.pipe(cogroup(others, (sum, word, key) => sum + word.length + key.length));
  const totals = both.pipe(aggregate({ store: "t", value: long(), init: () => 0 }));
  expectTypeOf(totals).toEqualTypeOf<KTable<string, number>>();
  const byHour = both.pipe(
    windowedBy(tumbling(hours(1), noGrace)),
    aggregate({ store: "h", value: long(), init: () => 0, retention: hours(2) }),
  );
  expectTypeOf(byHour).toEqualTypeOf<KTable<Windowed<string>, number>>();
  const bySession = both.pipe(
    windowedBy(sessions(hours(1), noGrace)),
    aggregate({ store: "s", value: long(), init: () => 0, merge: (older, newer) => older + newer }),
  );
  expectTypeOf(bySession).toEqualTypeOf<KTable<Windowed<string>, number | null>>();
  const finals = both.pipe(
    windowedBy(sessions(hours(1), noGrace), { emit: "finals" }),
    aggregate({ store: "f", value: long(), init: () => 0, merge: (older, newer) => older + newer }),
  );
  expectTypeOf(finals).toEqualTypeOf<KTable<Windowed<string>, number>>();
  const deleting = both.pipe(
    cogroup(others, (sum) => (sum > 3 ? null : sum)),
    aggregate({ store: "d", value: long(), init: () => 0 }),
  );
  expectTypeOf(deleting).toEqualTypeOf<KTable<string, number | null>>();
});

test("sessions that merge are told as gone, by null, and finals are not", () => {
  const grouped = stream(words).pipe(groupByKey());
  const gap = sessions(hours(1), noGrace);
  const merging = grouped.pipe(windowedBy(gap));
  expectTypeOf(merging).toEqualTypeOf<SessionWindowedKStream<string, string>>();
  const changes = merging.pipe(count({ store: "c" }));
  expectTypeOf(changes).toEqualTypeOf<KTable<Windowed<string>, number | null>>();
  const reduced = merging.pipe(reduce({ store: "r", add: (one, other) => one + other }));
  expectTypeOf(reduced).toEqualTypeOf<KTable<Windowed<string>, string | null>>();
  const summed = merging.pipe(
    aggregate({
      store: "a",
      value: long(),
      init: () => 0,
      add: (sum, word) => sum + word.length,
      merge: (older, newer) => older + newer,
    }),
  );
  expectTypeOf(summed).toEqualTypeOf<KTable<Windowed<string>, number | null>>();
  expectTypeOf(changes.pipe(toStream())).toEqualTypeOf<KStream<Windowed<string>, number | null>>();
  // @ts-expect-error its values may be null
  changes.pipe(toStream(), to(topic("sessions", { key: sessionWindowed(string()), value: long() })));
  expectTypeOf(grouped.pipe(windowedBy(gap, { emit: "both" }), count({ store: "b" }))).toEqualTypeOf<
    KTable<Windowed<string>, number | null>
  >();
  const finals = grouped.pipe(windowedBy(gap, { emit: "finals" }));
  expectTypeOf(finals).toEqualTypeOf<SessionFinalsKStream<string, string>>();
  expectTypeOf(finals.pipe(count({ store: "f" }))).toEqualTypeOf<KTable<Windowed<string>, number>>();
  const some = grouped.pipe(windowedBy(gap, { emit: "finals" as "finals" | "both" }));
  expectTypeOf(some.pipe(count({ store: "s" }))).toEqualTypeOf<KTable<Windowed<string>, number | null>>();
  const tumbled = grouped.pipe(windowedBy(tumbling(hours(1), noGrace)), count({ store: "t" }));
  expectTypeOf(tumbled).toEqualTypeOf<KTable<Windowed<string>, number>>();
});

test("what waits until its window closes tells no deletions, and what waits for some time does", () => {
  const changes = stream(words).pipe(
    groupByKey(),
    windowedBy(sessions(hours(1), noGrace)),
    count({ store: "c" }),
  );
  expectTypeOf(changes.pipe(suppress(untilWindowCloses(), { store: "s" }))).toEqualTypeOf<
    KTable<Windowed<string>, number>
  >();
  expectTypeOf(changes.pipe(suppress(untilTimeLimit(10), { store: "s" }))).toEqualTypeOf<
    KTable<Windowed<string>, number | null>
  >();
});

test("what does not fit a cogroup does not compile", () => {
  const others = stream(words).pipe(groupByKey());
  const started = stream(bookings).pipe(
    groupByKey(),
    cogroup((sum: number, { attendees }) => sum + attendees),
  );
  expectTypeOf(started).toEqualTypeOf<CogroupedKStream<string, number>>();
  // @ts-expect-error its groups make numbers
  started.pipe(cogroup(others, (sum, word) => word));
  started.pipe(
    // @ts-expect-error its groups have strings as keys
    cogroup(stream(topic("n", { key: long(), value: string() })).pipe(groupByKey()), (sum) => sum),
  );
  // @ts-expect-error a stream must be grouped
  started.pipe(cogroup(stream(words), (sum) => sum));
  started.pipe(
    aggregate({
      store: "a",
      // @ts-expect-error its groups make numbers
      value: string(),
      init: () => 0,
    }),
  );
  started.pipe(
    aggregate({
      store: "a",
      value: long(),
      // @ts-expect-error its groups make numbers
      init: () => "",
    }),
  );
  started.pipe(
    aggregate({
      store: "a",
      value: long(),
      init: () => 0,
      // @ts-expect-error its groups say what they add
      add: (sum: number) => sum,
    }),
  );
  // @ts-expect-error sessions merge
  started.pipe(windowedBy(sessions(1, noGrace)), aggregate({ store: "a", value: long(), init: () => 0 }));
  // @ts-expect-error a cogroup is not counted
  started.pipe(count({ store: "a" }));
  // @ts-expect-error a plain group says what it adds
  others.pipe(aggregate({ store: "a", value: long(), init: () => 0 }));
});

test("tables are grouped and aggregated by adding and subtracting", () => {
  const rows = table(words, { store: "rows" });
  expectTypeOf(rows).toEqualTypeOf<KTable<string, string | null>>();
  const grouped = rows.pipe(groupBy((word) => [word, word.length], { key: string(), value: long() }));
  expectTypeOf(grouped).toEqualTypeOf<KGroupedTable<string, number>>();
  grouped.pipe(
    aggregate({
      store: "sum",
      value: long(),
      init: () => 0,
      add: (sum, length) => sum + length,
      subtract: (sum, length) => sum - length,
    }),
  );
  grouped.pipe(
    // @ts-expect-error subtract is missing
    aggregate({ store: "sum", value: long(), init: () => 0, add: (sum, length) => sum + length }),
  );
});

const isYes = (value: string | null): value is "yes" => value === "yes";

test("a type guard narrows what flows on", () => {
  const maybe = topic("maybe", { key: string(), value: nullable(string()) });
  const source = stream(maybe);
  expectTypeOf(source.pipe(filter((value) => value !== null))).toEqualTypeOf<KStream<string, string>>();
  expectTypeOf(source.pipe(filter((value, key) => value !== key))).toEqualTypeOf<
    KStream<string, string | null>
  >();
  expectTypeOf(source.pipe(filterNot((value) => value === null))).toEqualTypeOf<KStream<string, string>>();
  const branches = source.pipe(split({ yes: isYes, some: (value) => value !== null, rest: otherwise }));
  expectTypeOf(branches.yes).toEqualTypeOf<KStream<string, "yes">>();
  expectTypeOf(branches.some).toEqualTypeOf<KStream<string, string>>();
  expectTypeOf(branches.rest).toEqualTypeOf<KStream<string, string | null>>();
});

test("a stream of several topics has what any of them has, one of a pattern what its serdes read", () => {
  const numbers = topic("numbers", { key: long(), value: long() });
  expectTypeOf(stream([words])).toEqualTypeOf<KStream<string, string>>();
  expectTypeOf(stream([words, bookings])).toEqualTypeOf<KStream<string, string | Booking>>();
  expectTypeOf(stream([words, numbers])).toEqualTypeOf<KStream<string | number, string | number>>();
  expectTypeOf(stream(/words-.*/, { key: string(), value: long() })).toEqualTypeOf<KStream<string, number>>();
  // @ts-expect-error a pattern needs serdes
  stream(/words-.*/);
});

test("a topic that is chosen by record takes what flows in", () => {
  stream(words).pipe(
    to((value, key, record) => {
      expectTypeOf(value).toEqualTypeOf<string>();
      expectTypeOf(key).toEqualTypeOf<string>();
      expectTypeOf(record).toEqualTypeOf<StreamRecord<string, string>>();
      return value === "" ? "empty" : words;
    }),
  );
  // @ts-expect-error its values are bookings
  stream(words).pipe(to(() => bookings));
  // @ts-expect-error its values are numbers
  stream(words).pipe(to(() => "name", { value: long() }));
});

test("functions of streams have the record third, and those of tables' rows nothing", () => {
  stream(words).pipe(
    mapValues((value, key, record) => {
      expectTypeOf(record).toEqualTypeOf<StreamRecord<string, string>>();
      return value + key;
    }),
    filter((_value, _key, record) => {
      expectTypeOf(record).toEqualTypeOf<StreamRecord<string, string>>();
      return true;
    }),
    filter((value, _key, { headers }): value is "a" => value === "a" && headers.length === 0),
    peek((value) => expectTypeOf(value).toEqualTypeOf<"a">()),
  );
  table(words, { store: "words" }).pipe(
    mapValues((value, _key, record) => {
      expectTypeOf(record).toEqualTypeOf<undefined>();
      return value;
    }),
    filter((_value, _key, record) => {
      expectTypeOf(record).toEqualTypeOf<undefined>();
      return true;
    }),
  );
});

test("a partitioner sees the record of its sink", () => {
  stream(words).pipe(
    to(words, {
      partitioner: (value, key, record, partitions) => {
        expectTypeOf(record).toEqualTypeOf<StreamRecord<string, string>>();
        return value === key ? undefined : [0, partitions - 1];
      },
    }),
  );
  stream(words).pipe(
    // @ts-expect-error a partition is a number
    to(words, { partitioner: (value) => value }),
  );
});

test("a table that an operator can empty has nulls", () => {
  const counted = stream(words).pipe(groupByKey(), count({ store: "c" }));
  expectTypeOf(counted).toEqualTypeOf<KTable<string, number>>();
  const many = counted.pipe(filter((n) => n > 1));
  expectTypeOf(many).toEqualTypeOf<KTable<string, number | null>>();
  expectTypeOf(counted.pipe(filterNot((n) => n > 1))).toEqualTypeOf<KTable<string, number | null>>();
  expectTypeOf(many.pipe(mapValues((n) => n.toFixed()))).toEqualTypeOf<KTable<string, string | null>>();
  expectTypeOf(
    table(words, { store: "t" }).pipe(filter((word): word is "yes" => word === "yes")),
  ).toEqualTypeOf<KTable<string, "yes" | null>>();
});

test("a merge of different streams has either", () => {
  expectTypeOf(stream(words).pipe(merge(stream(bookings)))).toEqualTypeOf<
    KStream<string, string | Booking>
  >();
});

test("a processor that says nothing about its output keeps keys and values", () => {
  expectTypeOf(
    stream(words).pipe(
      process({
        create:
          ({ forward }) =>
          (record) =>
            forward({ ...record, value: `${record.value}!` }),
      }),
    ),
  ).toEqualTypeOf<KStream<string, string>>();
  expectTypeOf(
    stream(words).pipe(
      processValues({
        create:
          ({ forward }) =>
          ({ value, timestamp }) =>
            forward({ value: `${value}!`, timestamp }),
      }),
    ),
  ).toEqualTypeOf<KStream<string, string>>();
  expectTypeOf(
    stream(words).pipe(
      process({
        create:
          ({ forward }: ProcessorContext<StreamRecord<string, number>>) =>
          (record) =>
            forward({ ...record, value: record.value.length }),
      }),
    ),
  ).toEqualTypeOf<KStream<string, number>>();
});

test("twenty operators make a pipe", () => {
  expectTypeOf(
    stream(counts).pipe(
      mapValues((value) => value),
      mapValues((value) => value + 1),
      mapValues((value) => value + 2),
      mapValues((value) => value + 3),
      mapValues((value) => value + 4),
      mapValues((value) => value + 5),
      mapValues((value) => value + 6),
      mapValues((value) => value + 7),
      mapValues((value) => value + 8),
      mapValues((value) => value + 9),
      mapValues((value) => value + 10),
      mapValues((value) => value + 11),
      mapValues((value) => value + 12),
      mapValues((value) => value + 13),
      mapValues((value) => value + 14),
      mapValues((value) => value + 15),
      mapValues((value) => value + 16),
      mapValues((value) => value + 17),
      mapValues((value) => value + 18),
      mapValues((value) => `${value}`),
    ),
  ).toEqualTypeOf<KStream<string, string>>();
});

test("branches are streams under their names", () => {
  const branches = stream(bookings).pipe(
    split({ large: ({ attendees }) => attendees > 100, small: () => true }),
  );
  expectTypeOf(branches.large).toEqualTypeOf<KStream<string, Booking>>();
  // @ts-expect-error there is no such branch
  expectTypeOf(branches.medium).toBeAny();
});

test("processors have their stores by name and type", () => {
  const seen = keyValueStore("seen", { key: string(), value: long() });
  stream(words).pipe(
    process({
      name: "seen",
      stores: { seen },
      key: string(),
      value: long(),
      create: ({ stores, forward }) => {
        expectTypeOf(stores.seen).toEqualTypeOf<KeyValueStore<string, number>>();
        return ({ key, value, timestamp, headers }) => {
          expectTypeOf(value).toEqualTypeOf<string>();
          forward({ key, value: stores.seen.get(key) ?? 0, timestamp, headers });
          // @ts-expect-error values are numbers
          stores.seen.put(key, "many");
        };
      },
    }),
    to(counts),
  );
  stream(words).pipe(
    processValues({
      name: "lengths",
      value: long(),
      create:
        ({ forward }) =>
        ({ value, timestamp }) =>
          forward({ value: value.length, timestamp }),
    }),
    to(counts),
  );
});

test("a pipe may end at a table of whatever types", () => {
  expectTypeOf(stream(words).pipe(groupByKey(), count({ store: "c" }))).toExtend<TopologyEnd>();
  expectTypeOf(
    stream(bookings).pipe(groupByKey(), windowedBy(windows), count({ store: "c" })),
  ).toExtend<TopologyEnd>();
});

test("what does not fit does not compile, and the argument is to blame", () => {
  // Each line below is an assertion: an error that is expected, and missing, is one.
  expectTypeOf(stream(words)).toEqualTypeOf<KStream<string, string>>();
  stream(words).pipe(
    // @ts-expect-error windows are over groups
    windowedBy(windows),
  );
  stream(words).pipe(
    // @ts-expect-error only groups are counted
    count({ store: "c" }),
  );
  stream(words).pipe(
    // @ts-expect-error only groups are reduced
    reduce({ store: "r", add: (a: string) => a }),
  );
  stream(words).pipe(
    // @ts-expect-error a stream is one already
    toStream(),
  );
  stream(words).pipe(
    to(
      // @ts-expect-error its values are numbers
      counts,
    ),
  );
  stream(words).pipe(
    groupByKey(),
    windowedBy(windows),
    count({ store: "c" }),
    toStream(),
    to(
      // @ts-expect-error its keys have no window
      counts,
    ),
  );
  stream(words).pipe(
    groupBy(
      (word) => word.length,
      // @ts-expect-error the new key needs a serde
      {},
    ),
  );
  stream(words).pipe(
    groupBy(
      // @ts-expect-error the serde is for strings
      (word) => word.length,
      { key: string() },
    ),
  );
  stream(words).pipe(
    // @ts-expect-error strings have no attendees
    filter((word) => word.attendees > 0),
  );
  stream(bookings).pipe(
    groupByKey(),
    aggregate({
      store: "a",
      value: long(),
      // @ts-expect-error an aggregate is a number
      init: () => "0",
      add: (sum) => sum,
    }),
  );
  stream(words).pipe(
    // @ts-expect-error a group is neither a stream nor a table
    groupByKey(),
    mapValues((word) => word),
  );
  // @ts-expect-error state is always named
  stream(words).pipe(groupByKey(), count({}));
  // @ts-expect-error grace is never forgotten
  tumbling(hours(1));
  // @ts-expect-error a topology ends in sinks
  topology("t", stream(words));
  // @ts-expect-error a topic has two serdes
  topic("t", { key: string() });
});

test("an app takes a topology and a transport", () => {
  const sink = stream(words).pipe(to(words));
  const run = (transport: Parameters<typeof createApp>[1]["transport"]) =>
    createApp(topology("t", sink), { transport });
  expectTypeOf(run).returns.toEqualTypeOf<App>();
  // @ts-expect-error without a transport there is no Kafka
  createApp(topology("t", sink), {});
});

test("joins of streams say which side may be missing, and whose null keys go on", () => {
  const options = { name: "j", windows: joinWindows(10, noGrace) };
  const known = stream(words);
  const nullKeys = stream(topic("nulls", { key: nullable(string()), value: nullable(string()) }));
  expectTypeOf(known.pipe(join(nullKeys, (a, b) => [a, b] as const, options))).toEqualTypeOf<
    KStream<string, readonly [string, string]>
  >();
  expectTypeOf(known.pipe(leftJoin(nullKeys, (a, b, key) => [a, b, key] as const, options))).toEqualTypeOf<
    KStream<string, readonly [string, string | null, string]>
  >();
  expectTypeOf(known.pipe(outerJoin(nullKeys, (a, b, key) => [a, b, key] as const, options))).toEqualTypeOf<
    KStream<string | null, readonly [string | null, string | null, string | null]>
  >();
});

test("joins say what their results are made of, and which rows may go", () => {
  const rows = table(words, { store: "rows" });
  const n = stream(words).pipe(groupByKey(), count({ store: "n" }));
  const nullKeys = stream(topic("nulls", { key: nullable(string()), value: nullable(string()) }));
  expectTypeOf(nullKeys.pipe(join(rows, (a, b, key) => [a, b, key] as const))).toEqualTypeOf<
    KStream<string | null, readonly [string, string, string | null]>
  >();
  expectTypeOf(stream(words).pipe(leftJoin(n, (_word, count_) => count_))).toEqualTypeOf<
    KStream<string, number | null>
  >();
  expectTypeOf(n.pipe(join(rows, (count_, word) => word.length + count_))).toEqualTypeOf<
    KTable<string, number | null>
  >();
  expectTypeOf(n.pipe(leftJoin(rows, (count_) => count_))).toEqualTypeOf<KTable<string, number>>();
  expectTypeOf(rows.pipe(outerJoin(n, (word, count_) => ({ word, count_ })))).toEqualTypeOf<
    KTable<string, { word: string | null; count_: number | null } | null>
  >();
  expectTypeOf(
    rows.pipe(mapValues((word) => (word === "" ? null : word), { store: "kept", value: string() })),
  ).toEqualTypeOf<KTable<string, string | null>>();
});

const byLength = (length: number, word: string): number | null => (length > 1 ? word.length : null);
const both = (left: number, right: string | null, key: string) => [left, right, key] as const;

test("a join by a foreign key has the left table's keys, and a null for every row that can go", () => {
  const n = stream(words).pipe(groupByKey(), count({ store: "n" }));
  const numbered = table(topic("numbered", { key: long(), value: string() }), { store: "numbered" });
  expectTypeOf(n.pipe(leftJoin(numbered, byLength, both, { name: "fk" }))).toEqualTypeOf<
    KTable<string, readonly [number, string | null, string]>
  >();
  // Other than in a join by key, a result goes where the foreign key names another row, which is not there.
  expectTypeOf(
    n.pipe(
      join(
        numbered,
        (length) => length,
        (length, word, key) => [length, word, key] as const,
        { name: "fk" },
      ),
    ),
  ).toEqualTypeOf<KTable<string, readonly [number, string, string] | null>>();
  const rows = table(words, { store: "rows" });
  expectTypeOf(
    rows.pipe(
      leftJoin(
        numbered,
        (word) => word.length,
        (word) => word,
        { name: "fk", store: "s", value: string() },
      ),
    ),
  ).toEqualTypeOf<KTable<string, string | null>>();
});

test("stores that are read from outside have the types of their definitions, and can't be written", () => {
  const app = {} as App;
  const tally = keyValueStore("tally", { key: string(), value: json<Booking>() });
  expectTypeOf(app.store(tally).get("a")).toEqualTypeOf<Booking | undefined>();
  expectTypeOf(app.store(tally)).not.toHaveProperty("put");
  expectTypeOf(app.store<typeof tally>("tally").all()).toEqualTypeOf<Iterable<readonly [string, Booking]>>();
  const byHour = windowStore("by-hour", { key: string(), value: long(), windowSize: 1, retention: 1 });
  expectTypeOf(app.store(byHour).fetch("a", 0)).toEqualTypeOf<number | undefined>();
  const visits = sessionStore("visits", { key: string(), value: long(), retention: 1 });
  expectTypeOf(app.store(visits).fetchSession("a", 0, 1)).toEqualTypeOf<number | undefined>();
  const versions = versionedStore("versions", { key: string(), value: long(), historyRetention: 1 });
  expectTypeOf(app.store(versions).get("a")).toEqualTypeOf<VersionedRecord<number> | undefined>();
  // @ts-expect-error -- one side of a stream-stream join can't be queried
  app.store(joinStore("side", { key: string(), value: long(), retention: 1 }));
});
