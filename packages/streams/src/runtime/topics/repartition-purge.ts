import { messageOf } from "../../errors.ts";
import type { OffsetToCommit } from "../../transport/group-coordinator.ts";
import type { Transport } from "../../transport/transport.ts";
import type { AppSettings } from "../settings/app-options.ts";
import type { Clock } from "../../clock.ts";
import type { Log } from "../../log.ts";

/**
 * Deletes from repartition topics what has been processed and committed: they keep records for ever otherwise
 * (KIP-204; `repartition.purge.interval.ms`).
 */
export class RepartitionPurge {
  readonly #topics: ReadonlySet<string>;
  readonly #transport: Transport;
  readonly #clock: Clock;
  readonly #intervalMs: number;
  readonly #log: Log;
  #lastPurge: number;
  #running: Promise<void> | undefined;

  constructor(
    topics: ReadonlySet<string>,
    { transport, clock, log, repartitionPurgeIntervalMs }: AppSettings,
  ) {
    this.#topics = topics;
    this.#transport = transport;
    this.#clock = clock;
    this.#log = log;
    this.#intervalMs = repartitionPurgeIntervalMs;
    this.#lastPurge = clock.monotonic();
  }

  /** Told of each commit, once it is durable. Purges in the background, now and then, one request at a time. */
  committed(offsets: readonly OffsetToCommit[]): void {
    if (this.#topics.size === 0 || this.#running !== undefined) return;
    const now = this.#clock.monotonic();
    if (now - this.#lastPurge < this.#intervalMs) return;
    const before = offsets
      .filter(({ topic }) => this.#topics.has(topic))
      .map(({ topic, partition, offset }) => ({ partition: { topic, partition }, offset }));
    if (before.length === 0) return;
    this.#lastPurge = now;
    this.#running = this.#purge(before).finally(() => {
      this.#running = undefined;
    });
  }

  async #purge(before: Parameters<Transport["deleteRecords"]>[0]): Promise<void> {
    try {
      await this.#transport.deleteRecords(before);
    } catch (error) {
      // Nothing depends on it: the next purge deletes what this one left.
      this.#log("debug", `repartition topics could not be purged: ${messageOf(error)}`);
    }
  }
}
