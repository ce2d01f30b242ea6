import type { Topic, Transport } from "@millrace/streams";
import { LogReader } from "./log-reader.ts";

/** A record, where it stands and what it holds. */
export interface ReadRecord<K, V> {
  readonly partition: number;
  readonly key: K;
  readonly value: V;
  /** ms since the epoch. */
  readonly timestamp: number;
}

/** Reads a topic from its beginning on, what is committed of it, in the order of each partition; it may grow. */
export class TopicReader<K, V> {
  readonly #name: string;
  readonly #reader: LogReader;
  #partitions = 0;

  constructor(
    transport: Transport,
    { name, key, value }: Topic<K, V>,
    onRecord: (record: ReadRecord<K, V>) => void,
  ) {
    this.#name = name;
    this.#reader = new LogReader(transport, {
      onRecord: ({ buffer, keyStart, keyEnd, valueStart, valueEnd, timestamp }, _, partition) =>
        onRecord({
          partition,
          key: key.deserialize(buffer, keyStart, keyEnd),
          value: value.deserialize(buffer, valueStart, valueEnd),
          timestamp,
        }),
    });
  }

  get partitions(): number {
    return this.#partitions;
  }

  /** It has that many partitions now. */
  grow(partitions: number): void {
    for (; this.#partitions < partitions; this.#partitions++)
      this.#reader.add(this.#name, this.#partitions, 0);
  }

  close(): Promise<void> {
    return this.#reader.close();
  }
}
