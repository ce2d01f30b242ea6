import type { Headers } from "../../record.ts";
import type { Topic } from "../../topic.ts";
import type { MemoryRecord } from "../memory-chunk.ts";

/** A record that the topology wrote, as its topic would hold it. */
export interface ProducedRecord extends MemoryRecord {
  readonly topic: string;
  readonly partition: number;
  /** Number of inputs piped so far, the one that made it included. */
  readonly afterInput: number;
}

/** A record as the user sees it, read from an output topic. */
export interface OutputRecord<K, V> {
  readonly key: K;
  readonly value: V;
  /** ms, event time. */
  readonly timestamp: number;
  readonly headers: Headers;
  readonly partition: number;
}

/** What the topology wrote, and how far it was read. */
export class DriverOutputs {
  readonly #produced: ProducedRecord[] = [];
  readonly #read = new Map<string, number>();

  get produced(): readonly ProducedRecord[] {
    return this.#produced;
  }

  has(topic: string): boolean {
    return this.#produced.some((record) => record.topic === topic);
  }

  add(record: ProducedRecord): void {
    this.#produced.push(record);
  }

  /** The records of a topic that were written since it was last read here. */
  read<K, V>(topic: Topic<K, V>): readonly OutputRecord<K, V>[] {
    const from = this.#read.get(topic.name) ?? 0;
    this.#read.set(topic.name, this.#produced.length);
    return this.#produced
      .slice(from)
      .filter((record) => record.topic === topic.name)
      .map(({ key, value, timestamp, headers, partition }) => ({
        key: decode(topic.key.deserialize, key),
        value: decode(topic.value.deserialize, value),
        timestamp,
        headers,
        partition,
      }));
  }
}

const decode = <T>(
  deserialize: (source: Buffer, start: number, end: number) => T,
  bytes: Uint8Array | null,
): T => {
  const source = Buffer.from(bytes ?? []);
  return deserialize(source, bytes === null ? -1 : 0, source.length);
};
