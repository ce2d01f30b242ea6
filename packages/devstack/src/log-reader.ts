import type { Transport } from "@millrace/streams";

type Fetcher = ReturnType<Transport["createFetcher"]>;
type Records = NonNullable<ReturnType<Fetcher["take"]>>["records"];

/**
 * A record as it stands in the log: key and value are `[start, end)` in `buffer`, and a start of -1 is null. Valid during
 * the call only; slices of the buffer may be kept.
 */
export type LogRecord = Omit<Records, "advance">;

export interface LogReaderOptions {
  readonly onRecord: (record: LogRecord, topic: string, partition: number) => void;
  /** Told of each chunk, after its records, where its partition is to be read on from. */
  readonly onPosition?: (topic: string, partition: number, offset: number) => void;
  /** Told of a partition that can't be read, and of what `onRecord` throws; without it, either is an unhandled rejection. */
  readonly onFailure?: (error: unknown) => void;
}

/** Reads what is committed of partitions as it comes, each in its order, as bytes. */
export class LogReader {
  readonly #options: LogReaderOptions;
  readonly #fetcher: Fetcher;
  readonly #partitions = new Map<string, { readonly topic: string; readonly partition: number }>();

  constructor(transport: Transport, options: LogReaderOptions) {
    this.#options = options;
    this.#fetcher = transport.createFetcher({
      readCommitted: true,
      maxWaitMs: 250,
      maxBytesPerPartition: 1 << 20,
      maxBytes: 16 << 20,
      maxBufferedBytesPerPartition: 4 << 20,
      maxBufferedBytes: 64 << 20,
      onAvailable: () => {
        try {
          this.#drain();
        } catch (error) {
          if (options.onFailure === undefined) throw error;
          options.onFailure(error);
        }
      },
    });
  }

  add(topic: string, partition: number, offset: number): void {
    this.#partitions.set(`${topic}-${partition}`, { topic, partition });
    this.#fetcher.add(topic, partition, offset);
  }

  remove(topic: string, partition: number): void {
    this.#partitions.delete(`${topic}-${partition}`);
    this.#fetcher.remove(topic, partition);
  }

  close(): Promise<void> {
    return this.#fetcher.close();
  }

  #drain(): void {
    const { onRecord, onPosition } = this.#options;
    for (const { topic, partition } of this.#partitions.values())
      for (let chunk; (chunk = this.#fetcher.take(topic, partition)) !== undefined;) {
        while (chunk.records.advance()) onRecord(chunk.records, topic, partition);
        onPosition?.(topic, partition, chunk.nextOffset);
      }
  }
}
