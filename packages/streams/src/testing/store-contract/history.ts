import assert from "node:assert/strict";
import type { StateStore } from "../../state/state-store.ts";
import type { SomeStoreDefinition } from "../../state/store-definition.ts";
import type { StoreHooks } from "../../state/store-hooks.ts";
import { Changelog } from "./changelog.ts";
import { Dice } from "./dice.ts";
import type { StoreBench } from "./store-bench.ts";
import { walk, type Walk } from "./walk.ts";

/** A shape of stores, and what it should do, in the plainest terms. */
export interface StoreModel<S, State> {
  readonly definition: SomeStoreDefinition;
  readonly empty: State;
  /** A state that later changes leave alone. */
  copy(state: State): State;
  /** Changes store and state by chance, alike. */
  change(store: S, state: State, dice: Dice): void;
  /** Reads the store in all ways that there are, and fails where an answer is not the state's. */
  check(store: S, state: State, dice: Dice): void;
  /** The same for the view of what was committed last, where the shape has one. */
  readonly checkCommitted?: (store: S, committed: State, dice: Dice) => void;
  /** One of the reads that there are, by chance, to be gone through while the store changes; where the shape has such. */
  readonly walk?: (store: S, state: State, dice: Dice) => Walk<State>;
  /** Reads, and what is to be put for each item that they answer: a row that the read would come to next. */
  readonly growing?: (store: S) => readonly Growing[];
  /** Number of rows that the changelog should hold once it is compacted; undefined where compaction loses something. */
  readonly rows: ((state: State) => number) | undefined;
  /** Every change is flushed at once, write cache or not. */
  readonly writesThrough?: boolean;
  /** Follows a row that a flush told of; fails where the old value is another than that told before. */
  readonly follow?: (store: S, check: (row: string, value: unknown, old: unknown) => void) => void;
}

/** A read, and what puts another row where it is going. */
interface Growing {
  readonly read: () => Iterable<unknown>;
  readonly put: (turn: number) => void;
}

const chanceOfChange = 12;
const acts = ["flush", "slices", "seal", "committed", "revert", "rebuild", "reopen", "walk"] as const;

/**
 * One history, all by chance: changes, flushes whole and in slices, seals, commits, reverts, in any order, against a
 * model of maps that are copied. In between the store is made anew from its changelog, or opened again.
 */
export const history = async <S, State>(
  bench: StoreBench,
  model: StoreModel<S, State>,
  seed: number,
  steps: number,
): Promise<void> => {
  const dice = new Dice(seed);
  const changelog = new Changelog();
  const caching = model.writesThrough !== true && seed % 4 !== 0;
  const hooks: StoreHooks = { ...changelog.hooks, writeThrough: !caching };
  const open = (): S & StateStore => bench.open(model.definition, hooks) as S & StateStore;
  let live = model.copy(model.empty);
  let flushed = model.copy(live);
  let sealed: State | undefined;
  let committed = model.copy(live);
  let epoch = -1;
  let store = open();
  let told = new Map<string, unknown>();
  let toldSealed = new Map<string, unknown>();
  let toldCommitted = new Map<string, unknown>();
  const follow = (): void =>
    model.follow?.(store, (row, value, old) => {
      assert.deepEqual(old, told.get(row), `the old value of ${row}`);
      if (value === undefined) told.delete(row);
      else told.set(row, value);
    });
  follow();
  const back = (): void => {
    changelog.abort();
    live = model.copy(committed);
    flushed = model.copy(committed);
    sealed = undefined;
    told = new Map(toldCommitted);
  };
  const check = (): void => {
    model.check(store, live, dice);
    model.checkCommitted?.(store, committed, dice);
  };
  const flush = (slices: boolean): void => {
    if (slices) {
      let looks = 0;
      while (store.flush(() => ++looks % 2 === 0)) assert.equal(store.dirty, true);
    } else store.flush();
    assert.equal(store.dirty, false, "dirty after a flush");
    flushed = model.copy(live);
  };
  const change = (): void => {
    model.change(store, live, dice);
    if (!caching) flushed = model.copy(live);
  };
  const seal = (step: number): void => {
    if (sealed !== undefined) return;
    store.seal(step);
    changelog.seal();
    sealed = model.copy(flushed);
    toldSealed = new Map(told);
    epoch = step;
  };
  const commit = (): void => {
    if (sealed === undefined) return;
    const position = changelog.commit();
    store.committed(epoch, position);
    if (position !== undefined) assert.equal(store.position, position);
    committed = sealed;
    toldCommitted = toldSealed;
    sealed = undefined;
  };
  const changeMeanwhile = (step: number): void => {
    for (let changes = dice.below(4); changes > 0; changes--) change();
    if (dice.below(3) === 0) flush(false);
    if (dice.below(4) === 0) seal(step);
    if (dice.below(4) === 0) commit();
  };
  for (let step = 0; step < steps; step++) {
    if (dice.below(chanceOfChange) > 0) {
      change();
      if (dice.below(4) === 0) check();
      continue;
    }
    const act = dice.of(acts);
    if (act === "flush" || act === "slices") flush(act === "slices");
    else if (act === "seal") seal(step);
    else if (act === "committed") commit();
    else if (act === "walk") {
      if (model.walk !== undefined)
        walk(model.walk(store, live, dice), live, dice, () => changeMeanwhile(step));
    } else if (act === "revert") {
      let looks = 0;
      // While it is under way, what was committed is all that can be read.
      while (store.revert(() => ++looks % 2 === 0)) model.checkCommitted?.(store, committed, dice);
      back();
      assert.equal(store.dirtyBytes === 0, !store.dirty);
    } else if (act === "rebuild") {
      store.close();
      await bench.wipe();
      store = open();
      assert.equal(store.position, -1);
      back();
      const end = changelog.end;
      store.restore(changelog.read(0, model.rows !== undefined && dice.below(2) === 0), end);
      assert.equal(store.position, end);
      if (model.rows !== undefined)
        assert.equal(changelog.keys, model.rows(committed), "rows in the compacted changelog");
      follow();
    } else if (act === "reopen" && bench.persistent) {
      await bench.settled();
      store.close();
      store = open();
      back();
      if (changelog.end > 0) assert.equal(store.position, changelog.end);
      follow();
    } else continue;
    check();
    if (model.rows !== undefined && !store.dirty) {
      const entries = store.approximateEntries();
      const rows = model.rows(live);
      if (bench.persistent) assert.ok(entries >= rows, `${entries} entries, fewer than ${rows} rows`);
      else assert.equal(entries, rows);
    }
  }
};
