import { expect, test } from "vitest";
import { long } from "../serdes/numbers.ts";
import { string } from "../serdes/string.ts";
import { Changelog } from "../testing/store-contract/changelog.ts";
import { openStore } from "./open-store.ts";
import type { StateStore } from "./state-store.ts";
import { sessionStore, windowStore } from "./store-definition.ts";
import type { SessionStore } from "./session-store.ts";
import type { WindowStore } from "./window-store.ts";

const retention = 30;
const windows = windowStore("windows", { key: string(), value: long(), windowSize: 1, retention });
const sessions = sessionStore("sessions", { key: string(), value: long(), retention });

const openWindows = (changelog: Changelog): WindowStore<string, number> & StateStore =>
  openStore(windows, changelog.hooks);

const openSessions = (changelog: Changelog): SessionStore<string, number> & StateStore =>
  openStore(sessions, changelog.hooks);

test("who reads a key while windows that had expired are brought back finds all of them, then and later", () => {
  const starts = Array.from({ length: 25 }, (_, start) => start);
  // A read after each turn of the revert: the one with more than a few windows makes the index by key.
  for (let readAfter = 0; readAfter < 50; readAfter++) {
    const changelog = new Changelog();
    const store = openWindows(changelog);
    for (const start of starts) for (const key of ["a", "b"]) store.put(key, start, start, start);
    changelog.commitOf(store, 1);
    // Where it is there already, the index loses them with the flush.
    const before = readAfter % 2 === 0 ? [...store.fetch("a", 0, 100)].length : starts.length;
    expect(before).toBe(starts.length);
    store.put("a", 100, 1, 100);
    store.flush();
    const read = (): readonly number[] =>
      [...store.committedView().fetch("a", 0, 100)].map(({ start }) => start);
    const found: (readonly number[])[] = [];
    for (let turn = 0; store.revert(() => false); turn++) if (turn === readAfter) found.push(read());
    found.push(read());
    for (const some of found) expect(some).toEqual(starts);
    expect([...store.fetch("a", 0, 100)].map(({ start }) => start)).toEqual(starts);
  }
});

test("a store that is read back takes nothing that had expired, though the row that it expired by went at once", () => {
  const changelog = new Changelog();
  const store = openWindows(changelog);
  store.put("a", 100, 1, 100);
  store.delete("a", 100, 100);
  changelog.commitOf(store, 1);

  const readBack = openWindows(changelog);
  readBack.restore(changelog.read(0, true), changelog.end);
  expect(readBack.insert("b", 70, 1, 70)).toBe(false);
  expect(readBack.insert("b", 71, 1, 71)).toBe(true);
  expect(readBack.approximateEntries()).toBe(1);
});

test("the same of sessions", () => {
  const changelog = new Changelog();
  const store = openSessions(changelog);
  store.put("a", 90, 100, 1, 100);
  store.delete("a", 90, 100, 100);
  changelog.commitOf(store, 1);

  const readBack = openSessions(changelog);
  readBack.restore(changelog.read(0, true), changelog.end);
  expect(readBack.put("b", 60, 70, 1, 70)).toBe(false);
  expect(readBack.put("b", 60, 71, 1, 71)).toBe(true);
});

test("of many rows that go at once, one tells the changelog how late it is; of those that are not the newest, none", () => {
  const changelog = new Changelog();
  const store = openWindows(changelog);
  for (const key of ["a", "b", "c"]) {
    store.put(key, 100, 1, 100);
    store.delete(key, 100, 100);
  }
  changelog.commitOf(store, 1);
  expect(changelog.end).toBe(1);
  store.put("d", 99, 1, 99);
  store.delete("d", 99, 99);
  store.put("e", 100, 1, 100);
  store.delete("e", 100, 100);
  changelog.commitOf(store, 2);
  expect(changelog.end).toBe(1);
});
