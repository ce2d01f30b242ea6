import type { Topic, Transport } from "@millrace/streams";

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
  readonly #topic: Topic<K, V>;
  readonly #onRecord: (record: ReadRecord<K, V>) => void;
  readonly #fetcher: ReturnType<Transport["createFetcher"]>;
  #partitions = 0;

  constructor(transport: Transport, topic: Topic<K, V>, onRecord: (record: ReadRecord<K, V>) => void) {
    this.#topic = topic;
    this.#onRecord = onRecord;
    this.#fetcher = transport.createFetcher({
      readCommitted: true,
      maxWaitMs: 250,
      maxBytesPerPartition: 1 << 20,
      maxBytes: 8 << 20,
      maxBufferedBytesPerPartition: 2 << 20,
      maxBufferedBytes: 64 << 20,
      onAvailable: () => this.#drain(),
    });
  }

  get partitions(): number {
    return this.#partitions;
  }

  /** It has that many partitions now. */
  grow(partitions: number): void {
    for (; this.#partitions < partitions; this.#partitions++)
      this.#fetcher.add(this.#topic.name, this.#partitions, 0);
  }

  close(): Promise<void> {
    return this.#fetcher.close();
  }

  #drain(): void {
    const { name, key, value } = this.#topic;
    for (let partition = 0; partition < this.#partitions; partition++)
      for (
        let chunk = this.#fetcher.take(name, partition);
        chunk !== undefined;
        chunk = this.#fetcher.take(name, partition)
      )
        while (chunk.records.advance()) {
          const { buffer, keyStart, keyEnd, valueStart, valueEnd, timestamp } = chunk.records;
          this.#onRecord({
            partition,
            key: key.deserialize(buffer, keyStart, keyEnd),
            value: value.deserialize(buffer, valueStart, valueEnd),
            timestamp,
          });
        }
  }
}
