import type { Clock } from "../../clock.ts";
import type { BatchReader } from "../../transport/codec/batch-reader.ts";
import type { TopicPartition } from "../../transport/topic-partition.ts";
import { TransportError } from "../../transport/transport-error.ts";
import type { Transport } from "../../transport/transport.ts";

/** Longest wait for one chunk, ms. */
const patienceMs = 60_000;

/**
 * Reads the committed records of a partition in `[from, until)`, once, in order; ends early when `visit` answers false.
 * Rejects with a TransportError when nothing comes for a minute.
 */
export const readLog = async (
  transport: Transport,
  clock: Clock,
  { topic, partition }: TopicPartition,
  from: number,
  until: number,
  visit: (record: BatchReader) => boolean,
): Promise<void> => {
  let wake: (() => void) | undefined;
  const fetcher = transport.createFetcher({
    readCommitted: true,
    maxWaitMs: 100,
    maxBytesPerPartition: 1024 * 1024,
    maxBytes: 4 * 1024 * 1024,
    maxBufferedBytesPerPartition: 4 * 1024 * 1024,
    maxBufferedBytes: 4 * 1024 * 1024,
    onAvailable: () => wake?.(),
  });
  try {
    fetcher.add(topic, partition, from);
    for (let position = from; position < until;) {
      const available = new Promise<void>((resolve) => {
        wake = resolve;
      });
      const chunk = fetcher.take(topic, partition);
      if (chunk === undefined) {
        await soon(clock, available, `${topic}-${partition}`);
        continue;
      }
      while (chunk.records.advance()) if (chunk.records.offset < until && !visit(chunk.records)) return;
      position = chunk.nextOffset;
    }
  } finally {
    await fetcher.close();
  }
};

const soon = async (clock: Clock, available: Promise<void>, partition: string): Promise<void> => {
  let timer: unknown;
  const overdue = new Promise<never>((_, reject) => {
    const error = new TransportError(
      `nothing of ${partition} was fetched within ${patienceMs} ms`,
      "REQUEST_TIMED_OUT",
      "retry",
    );
    timer = clock.setTimeout(() => reject(error), patienceMs);
  });
  try {
    await Promise.race([available, overdue]);
  } finally {
    clock.clearTimeout(timer);
  }
};
