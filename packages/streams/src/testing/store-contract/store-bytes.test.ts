import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { long } from "../../serdes/numbers.ts";
import { string } from "../../serdes/string.ts";
import { openStore } from "../../state/open-store.ts";
import { outerJoinStore } from "../../state/outer-join-store.ts";
import { joinStore, sessionStore, versionedStore } from "../../state/store-definition.ts";
import type { StoreHooks } from "../../state/store-hooks.ts";

interface WrittenRow {
  readonly keyHex: string;
  readonly valueHex: string | null;
  readonly timestamp: number;
}

/** What the JVM wrote to a changelog. */
const written = (vector: string, changelog: string): readonly WrittenRow[] => {
  const file = new URL(`../../../test/oracle/vectors/${vector}.json`, import.meta.url);
  const { bytes } = JSON.parse(readFileSync(file, "utf8")) as {
    bytes: { produced: readonly (WrittenRow & { readonly topic: string })[] };
  };
  return bytes.produced
    .filter(({ topic }) => topic === `app-${changelog}-changelog`)
    .map(({ keyHex, valueHex, timestamp }) => ({ keyHex, valueHex, timestamp }));
};

/** Hooks of a store without cache, as the vectors have it; what it writes, and the time of the record. */
const writeThrough = () => {
  const rows: WrittenRow[] = [];
  const now = { timestamp: 0 };
  const hooks: StoreHooks = {
    write: (key, value, timestamp) =>
      rows.push({
        keyHex: Buffer.from(key).toString("hex"),
        valueHex: value === null ? null : Buffer.from(value).toString("hex"),
        timestamp,
      }),
    timestamp: () => now.timestamp,
    writeThrough: true,
    expireInChangelog: false,
    refused: (error) => {
      throw error;
    },
  };
  return { rows, hooks, now };
};

const key = string();

test("session keys are key, end and start, and a merge deletes, as on the JVM", () => {
  const { rows, hooks, now } = writeThrough();
  const store = openStore(sessionStore("counts", { key, value: long(), retention: 100 }), hooks);
  const inputs = (
    JSON.parse(
      readFileSync(
        new URL("../../../test/oracle/vectors/bytes-session-count.bytes.json", import.meta.url),
        "utf8",
      ),
    ) as { inputs: readonly { key: string; timestamp: number }[] }
  ).inputs;
  for (const { key: of, timestamp } of inputs) {
    now.timestamp = timestamp;
    let [start, end, count, time] = [timestamp, timestamp, 1, timestamp];
    for (const row of store.rows(of, timestamp - 10, timestamp + 10)) {
      start = Math.min(start, row.start);
      end = Math.max(end, row.end);
      count += row.value ?? 0;
      time = Math.max(time, row.timestamp);
      if (row.start !== timestamp || row.end !== timestamp) store.update(row, undefined, timestamp);
    }
    store.put(of, start, end, count, time);
  }
  expect(rows).toEqual(written("bytes-session-count.bytes", "counts"));
});

test("join stores number their records from 1, as on the JVM", () => {
  const { rows, hooks } = writeThrough();
  const store = openStore(joinStore("j-this", { key, value: string(), retention: 20 }), hooks);
  store.put("a", 10, "L1");
  store.put("a", 10, "L2");
  expect(rows).toEqual(written("bytes-ss-inner.bytes", "j-this-join-store"));
});

test("what was not joined yet is kept by time, side and key, as on the JVM", () => {
  const { rows, hooks, now } = writeThrough();
  const store = openStore(outerJoinStore("shared", { key, left: key, right: key }), hooks);
  const put = (timestamp: number, side: "left" | "right", of: string, value: string): void => {
    now.timestamp = timestamp;
    store.put({ timestamp, side, key: of }, [{ side, value }], timestamp);
  };
  const remove = (at: number, timestamp: number, side: "left" | "right", of: string): void => {
    now.timestamp = at;
    store.delete({ timestamp, side, key: of }, at);
  };
  put(10, "left", "a", "L1");
  put(12, "right", "b", "R1");
  remove(13, 10, "left", "a");
  remove(40, 12, "right", "b");
  put(40, "left", "b", "L2");
  remove(90, 40, "left", "b");
  put(90, "left", "c", "L3");
  expect(rows).toEqual(written("bytes-ss-outer-grace.bytes", "j-outer-shared-join-store"));
  put(7, "right", "z", "early");
  expect([...store.all()].map(([{ timestamp }]) => timestamp)).toEqual([7, 90]);
});

test("a versioned store writes every version at its time, in the order of the puts, as on the JVM", () => {
  const { rows, hooks } = writeThrough();
  const store = openStore(versionedStore("v", { key, value: string(), historyRetention: 50 }), hooks);
  store.put("a", "1", 10);
  store.put("a", "2", 5);
  store.put("a", null, 12);
  store.put("a", "3", 11);
  expect(rows).toEqual(written("bytes-table-versioned.bytes", "v"));
});
