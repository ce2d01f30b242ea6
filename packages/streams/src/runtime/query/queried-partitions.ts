import type { StorePositions } from "./queried-store.ts";
import type { StoreScope } from "./store-scope.ts";

/** What queried stores of all kinds share. */
export abstract class QueriedPartitions<S> implements StorePositions {
  protected readonly scope: StoreScope<S>;

  constructor(scope: StoreScope<S>) {
    this.scope = scope;
  }

  get partitions(): readonly number[] {
    return [...this.scope.positions.keys()];
  }

  get positions(): ReadonlyMap<number, number> {
    return this.scope.positions;
  }

  protected sum(count: (store: S) => number): number {
    return this.scope.all().reduce((total, store) => total + count(store), 0);
  }

  protected compareKeys(a: unknown, b: unknown): number {
    return Buffer.compare(this.scope.keyBytes(a), this.scope.keyBytes(b));
  }
}
