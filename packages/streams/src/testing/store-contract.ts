import type { StoreDefinition } from "../state/store-definition.ts";
import { grow } from "./store-contract/grow.ts";
import { history, type StoreModel } from "./store-contract/history.ts";
import { joinModel } from "./store-contract/join-model.ts";
import { keyValueModel } from "./store-contract/key-value-model.ts";
import { sessionModel } from "./store-contract/session-model.ts";
import type { StoreBench } from "./store-contract/store-bench.ts";
import { versionedModel } from "./store-contract/versioned-model.ts";
import { windowModel } from "./store-contract/window-model.ts";

export type { StoreBench };

/** How hard the contract tries a store. */
export interface StoreContractOptions {
  /** How many histories of each shape; 60 by default. */
  readonly histories?: number;
  /** Kinds of stores that the bench opens; all by default. */
  readonly kinds?: readonly StoreDefinition["kind"][];
}

/**
 * Registers the tests that every store must pass, each with a bench of its own. They need nothing but a `test`
 * function, as of vitest or `node:test`.
 *
 * @example
 * storeContract("memory stores", () => Promise.resolve(memoryBench()), (name, body) => test(name, body));
 */
export const storeContract = (
  name: string,
  makeBench: () => Promise<StoreBench>,
  test: (name: string, body: () => Promise<void>) => void,
  { histories = 60, kinds }: StoreContractOptions = {},
): void => {
  const follows = <S, State>(model: StoreModel<S, State>, which = ""): void => {
    if (kinds?.includes(model.definition.kind) === false) return;
    test(`${name}: a ${model.definition.kind} store${which} is its model, whatever is flushed, sealed, committed or reverted`, async () => {
      for (let seed = 0; seed < histories; seed++) {
        const bench = await makeBench();
        try {
          await history(bench, model, seed, 300);
        } catch (error) {
          throw new Error(`history ${seed} of the ${model.definition.kind} store`, { cause: error });
        } finally {
          await bench.close();
        }
      }
    });
    if (model.growing === undefined) return;
    test(`${name}: a read of a ${model.definition.kind} store${which} ends, though a row is put after each that it comes to`, () =>
      grow(makeBench, model));
  };
  follows(keyValueModel);
  follows(windowModel(10));
  follows(windowModel(1), ", with many starts");
  follows(sessionModel);
  follows(joinModel);
  follows(versionedModel);
};
