import { expect, test } from "vitest";
import { long } from "../serdes/numbers.ts";
import { string } from "../serdes/string.ts";
import { Changelog } from "../testing/store-contract/changelog.ts";
import { Dice } from "../testing/store-contract/dice.ts";
import { openStore } from "./open-store.ts";
import type { StateStore } from "./state-store.ts";
import { windowStore } from "./store-definition.ts";
import type { WindowStore } from "./window-store.ts";

type Store = WindowStore<string, number> & StateStore;

const retention = 100;
const definition = windowStore("windows", { key: string(), value: long(), windowSize: 5, retention });

const open = (changelog: Changelog): Store => openStore(definition, changelog.hooks);

/** More than stay rows when they are restored. */
const keys = Array.from({ length: 90 }, (_, n) => `k${n}`);

const flushed = (store: Store): void => {
  for (let looks = 0; store.flush(() => ++looks % 2 === 0);) continue;
};

/** What a look shows; the same of two stores that hold the same. */
type Look = (store: Store, key: string, start: number) => unknown;
const looks: readonly Look[] = [
  (store, key, start) => store.row(key, start)?.value,
  (store, key, start) => store.told(key, start)?.timestamp,
  (store, key, start) => store.fetch(key, start),
  (store, key, start) => [...store.fetch(key, start - 30, start + 30)],
  (store, key, start) => [...store.backwardFetch(key, 0, start)],
  (store, key, start) => [...store.committedView().fetch(key, 0, start)],
  (store, _, start) => [...store.fetchAll(start, start + 10)],
  (store, _, start) => [...store.committedView().backwardFetchAll(start, start)],
  (store) => store.approximateEntries(),
  // What a lost transaction changed, deleted or let expire is there again.
  (store, key, start) => {
    store.put(key, start, 1_000, start);
    store.delete("k1", start, start);
    flushed(store);
    while (store.revert(() => false)) continue;
    return [store.fetch(key, start), store.fetch("k1", start), store.approximateEntries()];
  },
  (store, key, start) => {
    store.put(key, start + 2 * retention, 1_000, start + 2 * retention);
    const during = [...store.committedView().fetch(key, 0, start)];
    flushed(store);
    const after = [...store.committedView().fetch(key, 0, start)];
    while (store.revert(() => false)) continue;
    return [during, after, [...store.fetchAll(start, start + 10)], store.approximateEntries()];
  },
];

test("a window store that is read back shows what the one that wrote shows, whatever was asked of it before, and is read on", () => {
  // With few starts and with many, which an index by key is made of.
  for (let seed = 0; seed < 60; seed++) {
    const dice = new Dice(seed);
    const starts = seed % 2 === 0 ? 3 : 19;
    const changelog = new Changelog();
    const written = open(changelog);
    const readBack = open(new Changelog());
    let at = 0;
    for (let round = 0; round < 5; round++) {
      const first = 20 * round * (seed % 3);
      const startOf = (n: number): number => first + 5 * n;
      if (round === 0)
        for (let n = 0; n < starts; n++) for (const key of keys) written.put(key, startOf(n), n, n);
      for (let changes = 0; changes < 300; changes++) {
        const key = dice.of(keys);
        const start = startOf(dice.below(starts));
        if (dice.below(4) === 0) written.delete(key, start, changes);
        else written.put(key, start, dice.below(1_000), changes);
      }
      flushed(written);
      changelog.commitOf(written, round);
      const { end } = changelog;
      readBack.restore(changelog.read(at, dice.below(2) === 0), end);
      at = end;
      if (dice.below(3) === 0) continue;
      for (let n = dice.below(4); n > 0; n--) {
        const key = dice.of(keys);
        const start = startOf(dice.below(starts));
        const look = dice.of(looks);
        const wanted = look(written, key, start);
        // What a lost transaction wrote.
        changelog.abort();
        expect(
          look(readBack, key, start),
          `seed ${seed}, round ${round}, look ${looks.indexOf(look)}`,
        ).toEqual(wanted);
      }
    }
    flushed(readBack);
    expect([...readBack.fetchAll(0, 10_000)], `seed ${seed}`).toEqual([...written.fetchAll(0, 10_000)]);
  }
});

test("rows of a window that nobody asks for stay bytes, also where it expires", () => {
  const changelog = new Changelog();
  const written = open(changelog);
  const many = Array.from({ length: 20_000 }, (_, n) => `k${n}`);
  for (const key of many) written.put(key, 0, 1, 1);
  flushed(written);
  changelog.commitOf(written, 0);
  let read = 0;
  const counting = {
    ...definition,
    value: {
      ...long(),
      deserialize: (...of: Parameters<ReturnType<typeof long>["deserialize"]>) => (
        read++,
        long().deserialize(...of)
      ),
    },
  };
  const tombstones = new Changelog();
  const readBack = openStore(counting, tombstones.hooks);
  readBack.restore(changelog.read(0), changelog.end);
  expect(readBack.approximateEntries()).toBe(20_000);
  expect(read).toBeLessThan(100);
  expect(readBack.fetch("k7000", 0)).toBe(1);
  expect(read).toBeLessThan(102);
  // One after the other, in slices.
  readBack.put("new", retention, 1, 1);
  let turns = 0;
  while (readBack.flush(() => false)) turns++;
  expect(turns).toBeGreaterThan(1_000);
  expect(tombstones.pending).toBe(20_001);
});
