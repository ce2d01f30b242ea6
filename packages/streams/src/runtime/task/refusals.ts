import { TransportError } from "../../transport/transport-error.ts";
import type { RefusedRecord } from "../../transport/refused-record.ts";
import { topicPartitionName } from "../../transport/topic-partition.ts";

/**
 * Records that a broker has refused. The transaction is void then, and when its tasks come to such a record again it is
 * not sent but thrown, at the place that knows what it was made of: the production handler decides.
 */
export class Refusals {
  readonly #byPartition = new Map<string, RefusedRecord[]>();

  get size(): number {
    return this.#byPartition.size;
  }

  add(refused: readonly RefusedRecord[]): void {
    for (const record of refused) {
      const name = topicPartitionName(record.topic, record.partition);
      const others = this.#byPartition.get(name);
      if (others === undefined) this.#byPartition.set(name, [record]);
      else others.push(record);
    }
  }

  /** A commit is durable: what was refused before it has been decided on. */
  clear(): void {
    this.#byPartition.clear();
  }

  /** Throws for a record that was refused. */
  check(topic: string, partition: number, key: Uint8Array | null, timestamp: number): void {
    const refused = this.#byPartition.get(topicPartitionName(topic, partition));
    const found = refused?.find((record) => record.timestamp === timestamp && sameBytes(record.key, key));
    if (found !== undefined)
      throw new TransportError(
        `the broker refused a record for ${topic}-${partition} of ${timestamp} ms: ${found.reason}`,
        found.reason,
        "record",
        { refused: [found] },
      );
  }
}

const sameBytes = (a: Uint8Array | null, b: Uint8Array | null): boolean =>
  a === null || b === null ? a === b : Buffer.compare(a, b) === 0;
