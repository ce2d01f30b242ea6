import type { SimulatedGroup } from "./simulated-group.ts";
import type { SimulatedLog } from "./simulated-log.ts";

/** What one producer writes between two ends. */
export class SimulatedTransaction {
  readonly producerId: number;
  /** Of its end: where brokers abort it by themselves, one more than its producer's. */
  epoch: number;
  /** How it was ended; undefined as long as it is not. */
  committed: boolean | undefined;
  readonly logs: Set<SimulatedLog> = new Set();
  readonly groups: Set<SimulatedGroup> = new Set();

  constructor(producerId: number, epoch: number) {
    this.producerId = producerId;
    this.epoch = epoch;
  }
}
