/** A log or a group: what is written there shows once the marker of the transaction's end is there. */
interface Marked {
  mark(transaction: SimulatedTransaction): void;
}

/** What one producer writes between two ends. */
export class SimulatedTransaction {
  readonly producerId: number;
  /** Of its end: where brokers abort it by themselves, one more than its producer's. */
  epoch: number;
  /** How it was ended; undefined as long as it is not. */
  committed: boolean | undefined;
  readonly logs: Set<Marked> = new Set();
  readonly groups: Set<Marked> = new Set();

  constructor(producerId: number, epoch: number) {
    this.producerId = producerId;
    this.epoch = epoch;
  }
}
