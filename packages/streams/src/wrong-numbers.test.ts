import { describe, expect, test } from "vitest";
import {
  count,
  foreach,
  groupByKey,
  hopping,
  join,
  joinStore,
  joinWindows,
  keyValueStore,
  mapAsync,
  type MillraceError,
  process,
  sessions,
  sessionStore,
  sliding,
  stream,
  string,
  table,
  topic,
  topology,
  TopologyError,
  tumbling,
  unlimited,
  versionedStore,
  windowed,
  windowedBy,
  windowStore,
} from "./index.ts";
import { TestDriver } from "./testing/index.ts";

const texts = { key: string(), value: string() };
const input = topic("in", texts);
const call = (options: object) => (): unknown =>
  stream(input).pipe(mapAsync((value) => value, { concurrency: 1, ...options }));
const noTimes = [Number.NaN, -1, "5" as never];

describe("a length of time that is none is refused where it is given", () => {
  for (const ms of [...noTimes, 0.5, Number.POSITIVE_INFINITY])
    test(`windows of ${ms} ms`, () => {
      for (const make of [
        () => tumbling(ms, { grace: 0 }),
        () => hopping(10, ms, { grace: 0 }),
        () => sliding(ms, { grace: 0 }),
        () => sessions(ms, { grace: 0 }),
      ])
        expect(make).toThrow(/must be|leaves gaps/);
    });
  test("a grace", () => {
    for (const grace of [...noTimes, 0.5]) expect(() => tumbling(10, { grace })).toThrow(/the grace must be/);
    expect(() => tumbling(10, { grace: Number.POSITIVE_INFINITY })).not.toThrow();
  });
  test("the quiet that closes windows", () => {
    for (const closeOnIdle of [Number.NaN, -1, Number.POSITIVE_INFINITY])
      expect(() =>
        stream(input).pipe(
          groupByKey(),
          windowedBy(tumbling(10, { grace: 0 }), { emit: "finals", closeOnIdle }),
          count({ store: "c" }),
        ),
      ).toThrow(`closeOnIdle must be 0 ms or more, not ${closeOnIdle}`);
  });
  test("what a store keeps", () => {
    const of: Readonly<Record<string, (ms: number) => unknown>> = {
      retention: (retention) => windowStore("w", { ...texts, windowSize: 10, retention }),
      "window size": (windowSize) => windowStore("w", { ...texts, windowSize, retention: 100 }),
      "history retention": (historyRetention) => versionedStore("w", { ...texts, historyRetention }),
    };
    for (const [what, make] of Object.entries({
      ...of,
      "retention of sessions": (retention: number) => sessionStore("w", { ...texts, retention }),
      "retention of joins": (retention: number) => joinStore("w", { ...texts, retention }),
    }))
      for (const ms of [...noTimes, 20.5]) {
        expect(() => make(ms)).toThrow(`store "w": the ${what.replace(/ of .*/, "")} must be`);
        expect(() => make(ms)).toThrow(TopologyError);
      }
  });
  test("the times of a join", () => {
    const within = { grace: 0 };
    for (const ms of [...noTimes, 0.5, Number.POSITIVE_INFINITY])
      expect(() => joinWindows(ms, within)).toThrow(/the time difference of a join must be/);
    for (const ms of [Number.NaN, 0.5, Number.POSITIVE_INFINITY, "5" as never]) {
      expect(() => joinWindows(10, { ...within, before: ms })).toThrow(
        /\bbefore\b.* must be|no record can be/,
      );
      expect(() => joinWindows(10, { ...within, after: ms })).toThrow(/\bafter\b.* must be|no record can be/);
    }
    for (const grace of [...noTimes, 0.5]) {
      expect(() => joinWindows(10, { grace })).toThrow(/the grace must be/);
      const rows = table(input, { store: versionedStore("rows", { ...texts, historyRetention: 100 }) });
      expect(() =>
        stream(topic("other", texts)).pipe(join(rows, (value) => value, { grace, name: "j" })),
      ).toThrow(/the grace must be/);
    }
  });
  test("the start of an unlimited window, and the size of those of keys", () => {
    for (const start of [...noTimes, 0.5, Number.POSITIVE_INFINITY])
      expect(() => unlimited(start)).toThrow(/the start of an unlimited window must be/);
    for (const size of [Number.NaN, -1])
      expect(() => windowed(string(), size)).toThrow(/the size of the windows of keys must be 0 ms or more/);
  });
  test("the interval of a punctuation", () => {
    for (const interval of [...noTimes, 0, 0.5, Number.POSITIVE_INFINITY])
      expect(
        () =>
          new TestDriver(
            topology(
              "t",
              stream(input).pipe(
                process({
                  create: ({ schedule }) => {
                    schedule(interval, "streamTime", () => undefined);
                    return () => undefined;
                  },
                }),
                foreach(() => undefined),
              ),
            ),
          ),
      ).toThrow(`a punctuation's interval must be a whole number of ms, 1 or more, not ${interval}`);
  });
  test("the patience of a call: a timer that is set too long fires at once", () => {
    for (const ms of [Number.NaN, -1, Number.POSITIVE_INFINITY, 2 ** 31]) {
      expect(call({ timeoutMs: ms })).toThrow(/the timeoutMs of a call must be/);
      expect(call({ retry: { attempts: 2, backoffMs: ms } })).toThrow(/the backoffMs of a call must be/);
      expect(call({ retry: { attempts: 2, maxBackoffMs: ms } })).toThrow(
        /the maxBackoffMs of a call must be/,
      );
    }
  });
});

test("a row with a time that is none is the production handler's, with store and key, and the others stay", () => {
  const errors: MillraceError[] = [];
  const rows = keyValueStore("rows", texts);
  const driver = new TestDriver(
    topology(
      "t",
      stream(input).pipe(
        process({
          stores: { rows },
          create:
            ({ stores }) =>
            ({ key, value }) =>
              stores.rows.put(key, value, Number(value)),
        }),
        foreach(() => undefined),
      ),
    ),
    {
      handlers: {
        production: (error) => {
          errors.push(error);
          return "skip";
        },
      },
    },
  );
  for (const time of ["5", "NaN", "-7", "0.5", "9007199254740992"]) driver.pipeInput(input, time, time, 1);
  expect([...driver.store(rows).all()]).toEqual([["5", "5"]]);
  expect(errors.map(({ code }) => code)).toEqual(Array.from({ length: 4 }, () => "INVALID_TIMESTAMP"));
  expect(errors[0]?.message).toContain(`store "rows" could not take the row of key 'NaN' (timestamp NaN)`);
});
