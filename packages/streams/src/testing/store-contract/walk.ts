import assert from "node:assert/strict";
import type { Dice } from "./dice.ts";

/** A read that is gone through step by step. Places tell rows apart, whatever their values are. */
export interface Walk<State> {
  readonly items: Iterable<unknown>;
  /** What the read answers where nobody writes meanwhile, in its order. */
  readonly of: (state: State) => readonly (readonly [place: string, item: unknown])[];
}

const chanceToLeave = 12;

/**
 * Goes through a read of a store that is changed between its steps. It must come to the rows that were there when it began and
 * still are when their turn comes, to each once, as it is then; not to those that came later.
 */
export const walk = <State>(
  { items, of }: Walk<State>,
  state: State,
  dice: Dice,
  changeMeanwhile: () => void,
): void => {
  let ahead = of(state).map(([place]) => place);
  const next = (): readonly [string, unknown] | undefined => {
    const now = new Map(of(state));
    const at = ahead.findIndex((place) => now.has(place));
    if (at === -1) return undefined;
    const place = ahead[at] as string;
    ahead = ahead.slice(at + 1);
    return [place, now.get(place)];
  };
  // Not by for...of: who leaves a read may say nothing.
  const steps = items[Symbol.iterator]();
  for (;;) {
    if (dice.below(2) === 0) changeMeanwhile();
    const step = steps.next();
    const expected = next();
    if (step.done === true) {
      assert.equal(expected, undefined, "the read ended before a row that was there all the time");
      return;
    }
    assert.ok(
      expected !== undefined,
      "the read came to a row that was not there when it began, or twice to one",
    );
    assert.deepEqual(step.value, expected[1], `at ${expected[0]}`);
    if (dice.below(chanceToLeave) > 0) continue;
    if (dice.below(2) === 0) steps.return?.();
    return;
  }
};
