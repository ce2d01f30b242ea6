import type { Serde } from "../serde.ts";
import { frozen } from "./frozen.ts";
import { readBack } from "./read-back.ts";

/** So many values are frozen, which shows whoever changes them in place; more would cost too much. */
const valuesToFreeze = 256;

/**
 * Guards what was flushed, which is told downstream, and to which a lost transaction goes back: to change it in place would
 * change what was, silently.
 */
export class ValueGuard<V> {
  readonly #serde: Serde<V>;
  readonly #readsBack: boolean;
  /** Values that are still to be guarded. */
  #left: number;

  /** `readsBack`: each value goes on as what would be read from its bytes. */
  constructor(serde: Serde<V>, readsBack: boolean) {
    this.#serde = serde;
    this.#readsBack = readsBack;
    this.#left = readsBack ? Number.POSITIVE_INFINITY : valuesToFreeze;
  }

  /** Whether the next value is to be guarded. */
  get isUp(): boolean {
    return this.#left > 0;
  }

  /** What the row has from now on. */
  guarded(flushed: V): V {
    const value = this.#readsBack ? readBack(this.#serde, flushed) : flushed;
    if (frozen(value)) this.#left--;
    else if (!this.#readsBack) this.#left = 0;
    return value;
  }
}
