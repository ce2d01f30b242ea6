/** How many effects go out together. */
export interface BatchLimits {
  /** Effects in one batch, at most. */
  readonly maxBatch: number;
  /** Batches on the wire at once, at most. */
  readonly maxConcurrentBatches: number;
}

interface Waiting<E, R> {
  readonly effect: E;
  readonly resolve: (result: R) => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * Gathers what comes while batches are on the wire into the next batch. No two of one key are ever on the wire
 * together, and those of one key go in the order in which they came.
 */
export class KeyedBatches<E extends { readonly key: string }, R> {
  readonly #send: (batch: readonly E[]) => Promise<readonly PromiseSettledResult<R>[]>;
  readonly #limits: BatchLimits;
  /** What may go into the next batch, no two of one key. */
  #ready: Waiting<E, R>[] = [];
  /** For each key that is ready or on the wire, what has to wait for it. */
  readonly #behind = new Map<string, Waiting<E, R>[]>();
  #onTheWire = 0;
  #scheduled = false;

  /** `send` answers for each effect of its batch, by position; where it rejects, all of the batch are rejected. */
  constructor(
    send: (batch: readonly E[]) => Promise<readonly PromiseSettledResult<R>[]>,
    limits: BatchLimits,
  ) {
    this.#send = send;
    this.#limits = limits;
  }

  add(effect: E): Promise<R> {
    return new Promise((resolve, reject) => {
      const waiting = { effect, resolve, reject };
      const behind = this.#behind.get(effect.key);
      if (behind !== undefined) {
        behind.push(waiting);
        return;
      }
      this.#behind.set(effect.key, []);
      this.#ready.push(waiting);
      this.#schedule();
    });
  }

  /**
   * What comes in one turn of the event loop goes together: so the answers of several batches, which come in one turn
   * where there is much to do, bring one large batch and not as many small ones. Where there is little, the turn is over at once.
   */
  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      while (this.#ready.length > 0 && this.#onTheWire < this.#limits.maxConcurrentBatches)
        void this.#deliver(this.#ready.splice(0, this.#limits.maxBatch));
    });
  }

  async #deliver(batch: readonly Waiting<E, R>[]): Promise<void> {
    this.#onTheWire++;
    let results: readonly PromiseSettledResult<R>[] = [];
    let failure: unknown = new Error("a batch was not answered for each of its effects");
    try {
      results = await this.#send(batch.map(({ effect }) => effect));
    } catch (error) {
      failure = error;
    }
    this.#onTheWire--;
    for (const [index, { effect, resolve, reject }] of batch.entries()) {
      const result = results[index];
      if (result?.status === "fulfilled") resolve(result.value);
      else reject(result === undefined ? failure : result.reason);
      this.#release(effect.key);
    }
    this.#schedule();
  }

  #release(key: string): void {
    const next = this.#behind.get(key)?.shift();
    if (next === undefined) this.#behind.delete(key);
    else this.#ready.push(next);
  }
}
