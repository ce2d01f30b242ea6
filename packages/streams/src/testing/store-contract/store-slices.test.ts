import { expect, test } from "vitest";
import { systemClock } from "../../clock.ts";
import { Slices } from "../../runtime/task/slices.ts";
import { long } from "../../serdes/numbers.ts";
import { string } from "../../serdes/string.ts";
import { openStore } from "../../state/open-store.ts";
import type { StateStore } from "../../state/state-store.ts";
import {
  erasedStore,
  keyValueStore,
  sessionStore,
  type SomeStoreDefinition,
  windowStore,
} from "../../state/store-definition.ts";
import type { StoreHooks } from "../../state/store-hooks.ts";
import type { StoreOf } from "../../state/store-of.ts";

const rows = 1_000_000;
/** Of CPU, ms: a slice of 5 and what a collection of garbage takes; all at once it is a second or more. */
const longest = 150;

const hooks: StoreHooks = {
  write: () => undefined,
  timestamp: () => 0,
  writeThrough: false,
  expireInChangelog: true,
  refused: (error) => {
    throw error;
  },
};

const opened = <D extends SomeStoreDefinition>(definition: D): StateStore & StoreOf<D> =>
  openStore(erasedStore(definition), hooks) as unknown as StateStore & StoreOf<D>;

/** Of this thread: what the collector's own threads take meanwhile, on other processors, makes no turn longer. */
const cpuMs = (): number => {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
};

/** The longest turn of the event loop until then, ms of CPU: how busy others keep the machine does not count. */
const longestTurn = async (until: Promise<unknown>): Promise<number> => {
  let most = 0;
  const turns = { left: true };
  void until.finally(() => (turns.left = false));
  while (turns.left) {
    const before = cpuMs();
    await new Promise((resolve) => setImmediate(resolve));
    most = Math.max(most, cpuMs() - before);
  }
  await until;
  return most;
};

const inSlices = (work: (budget: () => boolean) => boolean): Promise<void> =>
  new Promise((resolve) => new Slices(systemClock).run(work, () => resolve()));

/** Flushes all, in slices, as a commit does. */
const flush = (store: StateStore): Promise<void> =>
  inSlices((budget) => {
    store.flush(budget);
    return store.dirty;
  });

test("a million rows that were changed are put back in slices of time", { timeout: 240_000 }, async () => {
  const store = opened(keyValueStore("s", { key: string(), value: long() }));
  for (let at = 0; at < rows; at++) store.put(`${at}`, 1);
  await flush(store);
  store.seal(1);
  store.committed(1, rows);
  for (let at = 0; at < rows; at++) store.put(`${at}`, 2);
  await flush(store);
  store.seal(2);
  for (let at = 0; at < rows; at += 2) store.put(`${at}`, 3);
  expect(await longestTurn(inSlices((budget) => store.revert(budget)))).toBeLessThan(longest);
  expect([store.get("0"), store.get("1"), store.get(`${rows - 1}`)]).toEqual([1, 1, 1]);
  expect(store.dirtyBytes).toBe(0);
});

test("windows of a million rows expire, and come back, in slices of time", { timeout: 240_000 }, async () => {
  const windows = 20;
  const store = opened(
    windowStore("s", { key: string(), value: long(), windowSize: 1_000, retention: 60_000 }),
  );
  const each = rows / windows;
  for (let at = 0; at < rows; at++) store.put(`${at % each}`, 1_000 * Math.floor(at / each), 1, 1_000);
  // Makes the index by key.
  expect([...store.fetch("0", 0, 60_000)].length).toBeGreaterThan(0);
  await flush(store);
  store.seal(1);
  store.committed(1, rows);
  const expired = cpuMs();
  store.put("late", 200_000, 1, 200_000);
  expect(cpuMs() - expired, "expiry").toBeLessThan(longest);
  expect([...store.fetch("0", 0, 60_000)]).toEqual([]);
  expect(await longestTurn(flush(store)), "their deletion").toBeLessThan(longest);
  expect(await longestTurn(inSlices((budget) => store.revert(budget))), "revert").toBeLessThan(longest);
  expect([...store.fetch("0", 0, 60_000)].length).toBeGreaterThan(0);
  expect(store.approximateEntries()).toBe(rows);
});

test("sessions expire, however many, and come back, in slices of time", { timeout: 240_000 }, async () => {
  const store = opened(sessionStore("s", { key: string(), value: long(), retention: 60_000 }));
  const some = rows / 4;
  for (let at = 0; at < some; at++) store.put(`${at}`, 0, at % 1_000, 1, at);
  await flush(store);
  store.seal(1);
  store.committed(1, some);
  const before = cpuMs();
  store.put("late", 0, 200_000, 1, 200_000);
  expect(cpuMs() - before, "expiry").toBeLessThan(longest);
  expect([...store.fetch("0")]).toEqual([]);
  expect([...store.fetchAll(0, 300_000)].map(({ key }) => key)).toEqual(["late"]);
  expect(await longestTurn(flush(store)), "their deletion").toBeLessThan(longest);
  expect(store.approximateEntries()).toBe(1);
  expect(await longestTurn(inSlices((budget) => store.revert(budget))), "revert").toBeLessThan(longest);
  expect([...store.fetch("0")]).toHaveLength(1);
  expect(store.approximateEntries()).toBe(some);
});

test("what was committed is read while rows are put back", () => {
  const store = opened(keyValueStore("s", { key: string(), value: long() }));
  const keys = Array.from({ length: 100 }, (_, at) => `${at}`.padStart(2, "0"));
  for (const key of keys) store.put(key, 1);
  store.flush();
  store.seal(1);
  store.committed(1, 100);
  for (const [at, key] of keys.entries())
    if (at % 3 === 0) store.delete(key);
    else store.put(key, 2);
  store.flush();
  store.seal(2);
  for (const [at, key] of keys.entries()) if (at % 2 === 0) store.put(key, 3);
  const committed = keys.map((key) => [key, 1]);
  const view = (store as unknown as { committedView(): { all(): Iterable<unknown> } }).committedView();
  let slices = 1;
  for (; store.revert(() => false); slices++) expect([...view.all()]).toEqual(committed);
  expect(slices).toBeGreaterThan(5);
  expect([...store.all()]).toEqual(committed);
});
