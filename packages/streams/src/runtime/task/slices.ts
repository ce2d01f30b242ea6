import type { Clock } from "../../clock.ts";

/** Everything else gets its turn after this long, ms. */
const sliceMs = 5;

/** As much of a piece of work as `budget` allows; true when there is more to do. */
export type SlicedWork = (budget: () => boolean) => boolean;

/** How work ended: with what it threw, where it threw something. */
export type WorkEnded = (failure: { readonly error: unknown } | undefined) => void;

interface Piece {
  readonly work: SlicedWork;
  readonly ended: WorkEnded;
}

/** Does pieces of work one after the other. */
export interface SlicesRunner {
  /** `ended` is told when all of it is done. */
  run(work: SlicedWork, ended: WorkEnded): void;
}

/**
 * Does what takes long and waits for nobody in slices of time, one piece after the other, however many there are: sockets,
 * heartbeats and the member's loop get their turns in between.
 */
export class Slices implements SlicesRunner {
  readonly #clock: Clock;
  readonly #pieces: Piece[] = [];
  #scheduled = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Begins after a turn of the event loop at least. */
  run(work: SlicedWork, ended: WorkEnded): void {
    this.#pieces.push({ work, ended });
    this.#schedule();
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.#clock.setImmediate(() => this.#slice());
  }

  #slice(): void {
    this.#scheduled = false;
    const until = this.#clock.monotonic() + sliceMs;
    const budget = (): boolean => this.#clock.monotonic() < until;
    for (let piece = this.#pieces[0]; piece !== undefined && budget(); piece = this.#pieces[0]) {
      let failure: { readonly error: unknown } | undefined;
      try {
        if (piece.work(budget)) break;
      } catch (error) {
        failure = { error };
      }
      this.#pieces.shift();
      piece.ended(failure);
    }
    if (this.#pieces.length > 0) this.#schedule();
  }
}

/** All of it at once, for who has no event loop to share. */
export const unsliced: SlicesRunner = {
  run: (work, ended) => {
    while (work(() => true));
    ended(undefined);
  },
};
