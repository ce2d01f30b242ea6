import { expect, test } from "vitest";
import { long } from "../serdes/numbers.ts";
import { string } from "../serdes/string.ts";
import { MemoryByteStore } from "../testing/memory-byte-store.ts";
import { Changelog } from "../testing/store-contract/changelog.ts";
import { Dice } from "../testing/store-contract/dice.ts";
import { openStore } from "./open-store.ts";
import type { StateStore } from "./state-store.ts";
import { joinStore, keyValueStore, sessionStore, versionedStore, windowStore } from "./store-definition.ts";

const key = string();
const value = long();
const retention = 400;
const counts = keyValueStore("counts", { key, value });
const windows = windowStore("windows", { key, value, windowSize: 10, retention });
const sessions = sessionStore("sessions", { key, value, retention });
const side = joinStore("side", { key, value, retention });
const versions = versionedStore("versions", { key, value, historyRetention: retention });

/** More keys than a small cache holds, in an order that comes back to each after all others. */
const keyOf = (at: number): string => `k${at % 300}`;

/** Restores in chunks, as a fetch has them. */
const restore = (store: StateStore, log: Changelog, from = 0): void => {
  const chunk = 700;
  for (let at = from; at < log.end; at += chunk) {
    const until = Math.min(log.end, at + chunk);
    store.restore(log.read(at, false, until), until);
  }
};

test.for([1, 2, 3])("what is restored above bytes is what is restored in memory (seed %i)", (seed) => {
  const dice = new Dice(seed);
  const log = new Changelog();
  const sessionLog = new Changelog();
  const sideLog = new Changelog();
  const windowLog = new Changelog();
  const countLog = new Changelog();
  const written = {
    versions: openStore(versions, log.hooks),
    sessions: openStore(sessions, sessionLog.hooks),
    side: openStore(side, sideLog.hooks),
    windows: openStore(windows, windowLog.hooks),
    counts: openStore(counts, countLog.hooks),
  };
  for (let at = 0; at < 2_000; at++) {
    const time = Math.max(0, at + dice.below(50) - 40);
    written.versions.put(keyOf(at), dice.below(5) === 0 ? null : at, time);
    written.sessions.put(keyOf(at), time, time + dice.below(20), at, time);
    written.side.put(keyOf(at), time, at);
    written.windows.put(keyOf(at), time - (time % 10), at, time);
    written.counts.put(keyOf(at), at, time);
    if (at % 500 !== 499) continue;
    log.commitOf(written.versions, at);
    sessionLog.commitOf(written.sessions, at);
    sideLog.commitOf(written.side, at);
    windowLog.commitOf(written.windows, at);
    countLog.commitOf(written.counts, at);
  }
  const above = { ...log.hooks, cacheBytes: 2_000 };
  const opened = {
    versions: openStore(versions, { ...above, bytes: new MemoryByteStore() }),
    sessions: openStore(sessions, { ...above, bytes: new MemoryByteStore() }),
    side: openStore(side, { ...above, bytes: new MemoryByteStore() }),
    windows: openStore(windows, { ...above, bytes: new MemoryByteStore() }),
    counts: openStore(counts, { ...above, bytes: new MemoryByteStore() }),
  };
  restore(opened.versions, log);
  restore(opened.sessions, sessionLog);
  restore(opened.side, sideLog);
  restore(opened.windows, windowLog);
  restore(opened.counts, countLog);
  const shown = (from: typeof written): unknown => ({
    versions: Array.from({ length: 300 }, (_, at) => [...from.versions.fetch(keyOf(at), 0, 10_000)]),
    sessions: [...from.sessions.fetchAll(0, 10_000)],
    side: [...from.side.fetchAll(0, 10_000)].map(({ key: of, start, value: put }) => [of, start, put]),
    windows: [...from.windows.fetchAll(0, 10_000)],
    counts: [...from.counts.all()],
  });
  expect(shown(opened)).toEqual(shown(written));
});

test("rows that expire while they are restored are seen no more, and leave the changelog with the next commit", () => {
  const log = new Changelog();
  const written = openStore(sessions, log.hooks);
  written.put("a", 1, 5, 1, 5);
  log.commitOf(written, 1);
  written.put("b", 1_000, 1_005, 2, 1_005);
  // As a crash leaves it: the deletion of what expired did not get there.
  const lost = new Changelog();
  const records = log.read(0);
  while (records.advance())
    lost.write(
      records.buffer.subarray(records.keyStart, records.keyEnd),
      records.buffer.subarray(records.valueStart, records.valueEnd),
      records.timestamp,
    );
  const b = openStore(sessions, { ...log.hooks, write: lost.write });
  b.put("b", 1_000, 1_005, 2, 1_005);
  lost.commitOf(b, 1);
  expect(lost.keys).toBe(2);
  const store = openStore(sessions, { ...log.hooks, write: lost.write, bytes: new MemoryByteStore() });
  restore(store, lost);
  expect([...store.fetchAll(0, 10_000)].map(({ key: of }) => of)).toEqual(["b"]);
  expect([...store.fetch("a")]).toEqual([]);
  lost.commitOf(store, 1);
  expect(lost.keys).toBe(1);
});

test("versions that nobody can read any more leave the byte store", () => {
  const log = new Changelog();
  const bytes = new MemoryByteStore();
  const store = openStore(versions, { ...log.hooks, bytes, cacheBytes: 2_000 });
  for (let at = 0; at < 300; at++) store.put(keyOf(at), 1, 10);
  for (let at = 0; at < 300; at++) store.put(keyOf(at), null, 20);
  log.commitOf(store, 1);
  expect(bytes.size).toBeGreaterThanOrEqual(300);
  for (let epoch = 2; epoch < 20; epoch++) {
    store.put("last", epoch, 1_000 * epoch);
    log.commitOf(store, epoch);
  }
  // "last", when its versions ended, and the stream time.
  expect(bytes.size).toBeLessThan(10);
});
