import assert from "node:assert/strict";
import type { StateStore } from "../../state/state-store.ts";
import type { StoreModel } from "./history.ts";
import type { StoreBench } from "./store-bench.ts";

/** Far more rows than there are when a read begins. */
const turns = 500;

/** Reads a store, and for each row puts another that comes after it: the read must come to the first rows alone. */
export const grow = async <S, State>(
  makeBench: () => Promise<StoreBench>,
  model: StoreModel<S, State>,
): Promise<void> => {
  for (const writeThrough of [false, true])
    for (let which = 0; ; which++) {
      const bench = await makeBench();
      const store = bench.open(model.definition, {
        write: () => undefined,
        timestamp: () => 0,
        writeThrough,
        expireInChangelog: true,
        refused: (error) => {
          throw error;
        },
      }) as S & StateStore;
      try {
        const growing = model.growing?.(store)[which];
        if (growing === undefined) break;
        growing.put(0);
        let turn = 0;
        for (const item of growing.read()) {
          assert.ok(item !== undefined);
          growing.put(++turn);
          if (turn >= turns) break;
        }
        assert.equal(turn, 1, `reads that grow: number ${which}`);
      } finally {
        store.close();
        await bench.close();
      }
    }
};
