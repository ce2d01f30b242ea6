import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  aggregate,
  calendar,
  cogroup,
  foreach,
  groupByKey,
  hopping,
  type KTable,
  nullable,
  sessions,
  type SessionWindows,
  sliding,
  type SlidingWindows,
  stream,
  string,
  type TimeWindows,
  topic,
  topology,
  toStream,
  tumbling,
  type Windowed,
  windowedBy,
} from "../index.ts";
import { TestDriver } from "../testing/index.ts";

type Emit = "updates" | "finals" | "both";
type Windows = TimeWindows | SlidingWindows | SessionWindows;
type Results = KTable<Windowed<string>, string | null>;

const hour = 3_600_000;
const first = topic("first", { key: string(), value: string() });
const second = topic("second", { key: string(), value: nullable(string()) });

const append = (sum: string, value: string | null): string => sum + String(value);
const merge = (older: string, newer: string): string => older + newer;
const store = { store: "results", value: string(), init: () => "" };
/** With the JVM's retention, gap + grace, updates alone lose sight of a session that finals still wait for. */
const sessionStore = { ...store, retention: 5 * hour + 1, merge };

const isSession = (windows: Windows): windows is SessionWindows => windows.type === "session";

/** The same aggregation of one stream, and of a cogroup. */
const inputs: Readonly<Record<string, (windows: Windows, emit: Emit) => Results>> = {
  stream: (windows, emit) => {
    const grouped = stream(first).pipe(groupByKey());
    return isSession(windows)
      ? grouped.pipe(windowedBy(windows, { emit }), aggregate({ ...sessionStore, add: append }))
      : grouped.pipe(windowedBy(windows, { emit }), aggregate({ ...store, add: append }));
  },
  cogroup: (windows, emit) => {
    const groups = stream(first).pipe(
      groupByKey(),
      cogroup<string, string, string>(append),
      cogroup(stream(second).pipe(groupByKey()), append),
    );
    return isSession(windows)
      ? groups.pipe(windowedBy(windows, { emit }), aggregate(sessionStore))
      : groups.pipe(windowedBy(windows, { emit }), aggregate(store));
  },
};

const start = Date.parse("2026-10-24T10:00:00Z");

/** With how long after its end each window closes. */
const kinds: Readonly<Record<string, { readonly windows: Windows; readonly after: number }>> = {
  tumbling: { windows: tumbling(10 * hour, { grace: hour }), after: hour },
  hopping: { windows: hopping(10 * hour, 4 * hour, { grace: hour }), after: hour },
  calendar: { windows: calendar("day", { zone: "Europe/Berlin", grace: hour }), after: hour },
  // Both of these end with the last moment that they hold.
  sliding: { windows: sliding(10 * hour, { grace: hour }), after: hour + 1 },
  sessions: { windows: sessions(4 * hour, { grace: hour }), after: 5 * hour + 1 },
};

interface Input {
  readonly topic: "first" | "second";
  readonly key: string;
  readonly value: string;
  readonly timestamp: number;
}

interface Told {
  readonly window: string;
  readonly end: number;
  readonly final: boolean;
  readonly value: string | null;
}

const tell = (results: Results, input: readonly Input[]): readonly Told[] => {
  const told: Told[] = [];
  const driver = new TestDriver(
    topology(
      "emit",
      results.pipe(
        toStream(),
        foreach((value, { key, start: from, end, final }) =>
          told.push({ window: `${key} [${from}, ${end}]`, end, final, value }),
        ),
      ),
    ),
  );
  for (const { topic: name, key, value, timestamp } of input)
    driver.pipeBytes(name, Buffer.from(key), Buffer.from(value), timestamp);
  return told;
};

const inputOf = (topics: readonly Input["topic"][]): fc.Arbitrary<readonly Input[]> =>
  fc.array(
    fc.record({
      topic: fc.constantFrom(...topics),
      key: fc.constantFrom("a", "b"),
      value: fc.constantFrom("1", "2", "3"),
      timestamp: fc.integer({ min: 0, max: 60 }).map((hours) => start + hours * hour),
    }),
    { maxLength: 25 },
  );

/** What was told last of each window: what it holds, unless it was merged into another. */
const lastOf = (told: readonly Told[]): ReadonlyMap<string, Told> =>
  new Map(told.map((one) => [one.window, one]));

const texts = (told: Iterable<Told>): readonly string[] =>
  [...told].map(({ window, value, final }) => `${window}=${value}${final ? " final" : ""}`);

describe.each(Object.keys(kinds))("of %s windows", (kind) => {
  const { windows, after } = kinds[kind] ?? { windows: tumbling(hour, { grace: 0 }), after: 0 };

  describe.each(Object.keys(inputs))("of a %s", (from) => {
    const results = inputs[from] ?? inputs["stream"];
    if (results === undefined) throw new Error("there is no such input");
    const input = inputOf(from === "stream" ? ["first"] : ["first", "second"]);
    const run = (emit: Emit, records: readonly Input[]): readonly Told[] =>
      tell(results(windows, emit), records);

    test("finals are what the updates said last of each window that stream time has closed, once", () => {
      fc.assert(
        fc.property(input, (records) => {
          const both = run("both", records);
          const streamTime = Math.max(0, ...records.map(({ timestamp }) => timestamp));
          const updates = lastOf(both.filter(({ final }) => !final));
          const closed = [...updates.values()].filter(
            ({ end, value }) => value !== null && end + after <= streamTime,
          );
          const finals = both.filter(({ final }) => final);
          expect(texts(finals).toSorted()).toEqual(
            texts(closed.map((one) => ({ ...one, final: true }))).toSorted(),
          );
        }),
        { numRuns: 60 },
      );
    });

    test("no update of a window comes after its final, and finals come in the order of their ends", () => {
      fc.assert(
        fc.property(input, (records) => {
          const over = new Set<string>();
          let lastEnd = 0;
          for (const { window, final, end } of run("both", records)) {
            expect(over.has(window)).toBe(false);
            if (!final) continue;
            over.add(window);
            expect(end).toBeGreaterThanOrEqual(lastEnd);
            lastEnd = end;
          }
        }),
        { numRuns: 60 },
      );
    });

    test("both tells what finals alone tell, and in between what updates alone tell", () => {
      fc.assert(
        fc.property(input, (records) => {
          const both = run("both", records);
          expect(texts(both.filter(({ final }) => final))).toEqual(texts(run("finals", records)));
          // The inputs of a cogroup have times of their own, unless there are finals.
          const ordered = records.toSorted((a, b) => a.timestamp - b.timestamp);
          const comparable = from === "stream" ? records : ordered;
          expect(texts(run("both", comparable).filter(({ final }) => !final))).toEqual(
            texts(run("updates", comparable)),
          );
        }),
        { numRuns: 60 },
      );
    });
  });
});
