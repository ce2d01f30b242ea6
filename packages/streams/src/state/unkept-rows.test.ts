import { describe, expect, test } from "vitest";
import {
  aggregate,
  cogroup,
  groupByKey,
  join,
  joinWindows,
  nullable,
  stream,
  sessions,
  string,
  suppress,
  table,
  to,
  topic,
  topology,
  type TopologyEnd,
  toStream,
  tumbling,
  untilTimeLimit,
  versionedStore,
  windowed,
  windowedBy,
  sessionWindowed,
} from "../index.ts";
import { TestDriver } from "../testing/index.ts";

const texts = (name: string) => topic(name, { key: string(), value: nullable(string()) });
const input = texts("in");
const [left, right] = [texts("left"), texts("right")];

type Sent = readonly [topic: typeof input, key: string, value: string | null, timestamp: number];

/** What stands in one changelog after these records, as on the JVM with its cache off: `key=value`. */
const changelogOf = (
  store: string,
  sink: TopologyEnd,
  sent: readonly Sent[],
  expireInChangelog = false,
): readonly string[] => {
  const driver = new TestDriver(topology("app", sink), { caching: false, expireInChangelog });
  for (const [source, key, value, timestamp] of sent) driver.pipeInput(source, key, value, timestamp);
  return driver.produced
    .filter(({ topic: name }) => name === `app-${store}-changelog`)
    .map(({ key, value }) => `${hex(key)}=${value === null ? "none" : Buffer.from(value).toString()}`);
};

const hex = (key: Uint8Array | null): string => Buffer.from(key ?? []).toString("hex");

const joined = (): TopologyEnd =>
  stream(left).pipe(
    join(stream(right), (one, other) => `${one}/${other}`, {
      name: "j",
      windows: joinWindows(10, { grace: 0 }),
    }),
    to(texts("out")),
  );
const time = (ms: number): string => ms.toString(16).padStart(16, "0");
const sequence = (n: number): string => n.toString(16).padStart(8, "0");

describe("a changelog written as the JVM's", () => {
  test("has a join's record that is too old to be kept, under a sequence number of its own", () => {
    const sent: readonly Sent[] = [
      [left, "a", "1", 100],
      [left, "a", "2", 20],
      [left, "a", "3", 101],
    ];
    expect(changelogOf("j-this-join-store", joined(), sent)).toEqual([
      `61${time(100)}${sequence(1)}=1`,
      `61${time(20)}${sequence(2)}=2`,
      `61${time(101)}${sequence(3)}=3`,
    ]);
    expect(changelogOf("j-this-join-store", joined(), sent, true)).toHaveLength(2);
  });

  test("has a tombstone of a join's record without a value", () => {
    const sent: readonly Sent[] = [
      [left, "a", null, 100],
      [left, "a", "1", 100],
    ];
    expect(changelogOf("j-this-join-store", joined(), sent)).toEqual([
      `61${time(100)}${sequence(1)}=none`,
      `61${time(100)}${sequence(2)}=1`,
    ]);
  });

  test.for(["window", "session"])("has the result of a %s that its store holds for expired", (kind) => {
    const sent: readonly Sent[] = [
      [left, "a", "1", 5],
      [right, "a", "2", 200],
      [left, "a", "3", 6],
    ];
    const groups = stream(left).pipe(
      groupByKey(),
      cogroup((sum: string, value) => `${sum}+${value}`),
      cogroup(stream(right).pipe(groupByKey()), (sum, value) => `${sum}-${value}`),
    );
    const state = { store: "co", value: string(), init: () => "0" };
    const out = nullable(string());
    const sink =
      kind === "window"
        ? groups.pipe(
            windowedBy(tumbling(10, { grace: 5 })),
            aggregate(state),
            toStream(),
            to(topic("out", { key: windowed(string(), 10), value: out })),
          )
        : groups.pipe(
            windowedBy(sessions(3, { grace: 5 })),
            aggregate({ ...state, merge: (one, other) => `(${one}|${other})` }),
            toStream(),
            to(topic("out", { key: sessionWindowed(string()), value: out })),
          );
    const values = (expireInChangelog: boolean): readonly (string | undefined)[] =>
      changelogOf("co", sink, sent, expireInChangelog).map((row) => row.split("=")[1]);
    expect(values(false)).toEqual(["0+1", "0-2", "0+3"]);
    expect(values(true)).not.toContain("0+3");
  });

  test("has a version older than the history", () => {
    const rows = table(input, {
      store: versionedStore("v", { key: string(), value: string(), historyRetention: 50 }),
    });
    const sent: readonly Sent[] = [
      [input, "a", "new", 100],
      [input, "a", "old", 49],
      [input, "a", null, 48],
    ];
    const sink = rows.pipe(toStream(), to(texts("out")));
    expect(changelogOf("v", sink, sent)).toEqual(["61=new", "61=old", "61=none"]);
    expect(changelogOf("v", sink, sent, true)).toEqual(["61=new"]);
  });

  test("has a tombstone of a suppressed change that came and went with one record", () => {
    const sink = table(input, { store: "t" }).pipe(
      suppress(untilTimeLimit(10), { store: "held" }),
      toStream(),
      to(texts("out")),
    );
    const sent: readonly Sent[] = [
      [input, "a", "1", 100],
      [input, "b", "2", 90],
    ];
    expect(changelogOf("held", sink, sent).at(-1)).toBe("62=none");
  });
});
