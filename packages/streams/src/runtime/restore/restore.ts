import type { StateStore } from "../../state/state-store.ts";
import type { Transport } from "../../transport/transport.ts";
import type { Clock } from "../../clock.ts";
import type { Metrics } from "../app/metrics.ts";

/** A store and the partition of its changelog. */
export interface RestorePart {
  readonly store: StateStore;
  readonly topic: string;
  readonly partition: number;
}

export interface RestoreHooks {
  readonly metrics: Metrics;
  readonly clock: Clock;
  /** Whether a part is no longer wanted: it is left as it is then. */
  abandoned(part: RestorePart): boolean;
  /** A part has been read to its end. */
  restored(part: RestorePart): void;
}

/**
 * Reads the changelogs of a task into its stores, up to their ends as they are now. Waits for transactions that are
 * still open there: what they hold is part of the state once they are committed, and the end that was read
 * includes them. One fetcher serves all parts, and tells of each as it is done.
 */
export const restore = async (
  transport: Transport,
  parts: readonly RestorePart[],
  hooks: RestoreHooks,
): Promise<void> => {
  if (parts.length === 0) return;
  const { metrics, clock } = hooks;
  const [begins, ends] = await Promise.all([
    transport.listOffsets(parts, "earliest", true),
    // The high watermark, not the last stable offset: a predecessor's commit may still be being written there.
    transport.listOffsets(parts, "latest", false),
  ]);
  let wake: (() => void) | undefined;
  const fetcher = transport.createFetcher({
    readCommitted: true,
    maxWaitMs: 100,
    maxBytesPerPartition: 4 * 1024 * 1024,
    maxBytes: 32 * 1024 * 1024,
    maxBufferedBytesPerPartition: 8 * 1024 * 1024,
    maxBufferedBytes: 64 * 1024 * 1024,
    onAvailable: () => wake?.(),
  });
  try {
    const open = new Map<RestorePart, number>();
    for (const part of parts) {
      const begin = offsetOf(begins, part);
      const end = offsetOf(ends, part);
      if (begin >= end) {
        hooks.restored(part);
        continue;
      }
      open.set(part, end);
      fetcher.add(part.topic, part.partition, begin);
    }
    while (open.size > 0) {
      let progress = false;
      for (const [part, end] of open) {
        if (hooks.abandoned(part)) {
          open.delete(part);
          fetcher.remove(part.topic, part.partition);
          continue;
        }
        const chunk = fetcher.take(part.topic, part.partition);
        if (chunk === undefined) continue;
        progress = true;
        metrics.restored += part.store.restore(chunk.records, chunk.nextOffset);
        if (chunk.nextOffset >= end) {
          open.delete(part);
          fetcher.remove(part.topic, part.partition);
          hooks.restored(part);
        }
      }
      if (open.size === 0) return;
      await (progress ? nextTurn(clock) : soon(clock, (resolve) => (wake = resolve)));
    }
  } finally {
    await fetcher.close();
  }
};

/** Resolves when woken, and after a moment in any case, to see whether the parts are still wanted. */
const soon = (clock: Clock, onWake: (resolve: () => void) => void): Promise<void> =>
  new Promise((resolve) => {
    const timer = clock.setTimeout(resolve, 200);
    onWake(() => {
      clock.clearTimeout(timer);
      resolve();
    });
  });

const nextTurn = (clock: Clock): Promise<void> => new Promise((resolve) => clock.setImmediate(resolve));

const offsetOf = (offsets: Awaited<ReturnType<Transport["listOffsets"]>>, part: RestorePart): number => {
  const found = offsets.find(
    ({ partition }) => partition.topic === part.topic && partition.partition === part.partition,
  );
  if (found === undefined) throw new Error(`no offset of ${part.topic}-${part.partition} was answered`);
  return found.offset;
};
