import { messageOf } from "../../errors.ts";
import type { StageNode } from "../../stages.ts";
import type { Fetcher } from "../../transport/fetcher.ts";
import { TransportError } from "../../transport/transport-error.ts";
import type { AppSettings } from "../settings/app-options.ts";
import type { AppMetrics } from "../metrics/app-metrics.ts";
import { SourceQueue } from "../task/source-queue.ts";
import { GlobalTableState } from "./global-table-state.ts";

/** Slices of this length leave turns to everything else, ms. */
const sliceMs = 15;
const retryAfterMs = 1_000;
const maxBytesPerPartition = 1024 * 1024;

/** Reads the whole topic of one global table, from its beginning to its end, and on. */
export class GlobalTableReader {
  readonly state: GlobalTableState;
  readonly #settings: AppSettings;
  readonly #fetcher: Fetcher;
  readonly #newQueue: (partition: number) => SourceQueue;
  #queues: readonly SourceQueue[];
  readonly #failed: (error: unknown) => void;
  /** Where each partition's end was at the start. */
  readonly #ends: number[] = [];
  #ready: (() => void) | undefined;
  #scheduled = false;
  #closed = false;

  constructor(
    node: StageNode,
    partitions: number,
    settings: AppSettings,
    metrics: AppMetrics,
    failed: (error: unknown) => void,
  ) {
    const { role, key, value } = node;
    if (role.type !== "global" || key === undefined || value === undefined)
      throw new Error(`"${node.operator}" is no global table`);
    this.#settings = settings;
    this.#failed = failed;
    this.state = new GlobalTableState(node, { ...settings, metrics });
    const topic = role.topic.name;
    this.#fetcher = settings.transport.createFetcher({
      readCommitted: settings.guarantee === "exactly_once",
      maxWaitMs: 500,
      maxBytesPerPartition,
      maxBytes: maxBytesPerPartition * 8,
      maxBufferedBytesPerPartition: maxBytesPerPartition * 2,
      maxBufferedBytes: maxBytesPerPartition * 16,
      onAvailable: () => this.#schedule(),
      onAnswer: metrics.requestTimes("global-consumer", "fetch"),
    });
    this.#newQueue = (partition) =>
      new SourceQueue(
        { topic, partition, key, value, timestamp: role.topic.timestamp },
        { offset: 0, partitionTime: -1 },
        {
          take: () => this.#fetcher.take(topic, partition),
          end: () => this.#fetcher.endOffset(topic, partition),
          fetchFrom: (position) => this.#fetcher.add(topic, partition, position),
          unreadable: (error, queue) => this.#unreadable(error, queue),
          undecodable: (error, queue) => this.state.undecodable(error, queue),
          negativeTimestamp: (queue) => this.state.negativeTimestamp(queue),
          now: () => settings.clock.monotonic(),
          ready: () => this.#schedule(),
        },
      );
    this.#queues = Array.from({ length: partitions }, (_, partition) => this.#newQueue(partition));
  }

  /** Resolves when it has all that was in the topic when it was asked. */
  async start(): Promise<void> {
    const { transport, guarantee } = this.#settings;
    const partitions = this.#queues.map(({ topic, partition }) => ({ topic, partition }));
    const ends = await transport.listOffsets(partitions, "latest", guarantee === "exactly_once");
    for (const { partition, offset } of ends) this.#ends[partition.partition] = offset;
    await this.#seekBeginnings(this.#queues);
    await new Promise<void>((resolve) => {
      this.#ready = resolve;
      this.#schedule();
    });
  }

  /** Its topic has so many partitions now; `isAnother`: it was deleted and made anew, so that no row is left of it. */
  follow(partitions: number, isAnother: boolean): void {
    if (this.#closed) return;
    if (isAnother) {
      for (const { topic, partition } of this.#queues) this.#fetcher.remove(topic, partition);
      this.#queues = [];
      this.state.clear();
    }
    const come = Array.from({ length: Math.max(0, partitions - this.#queues.length) }, (_, at) =>
      this.#newQueue(this.#queues.length + at),
    );
    if (come.length === 0) return;
    this.#queues = [...this.#queues, ...come];
    void this.#fromBeginnings(come);
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#ready?.();
    await this.#fetcher.close();
    this.state.store.close();
  }

  async #seekBeginnings(queues: readonly SourceQueue[]): Promise<void> {
    const partitions = queues.map(({ topic, partition }) => ({ topic, partition }));
    const begins = await this.#settings.transport.listOffsets(partitions, "earliest", false);
    if (this.#closed) return;
    for (const { partition, offset } of begins) {
      const queue = queues.find((one) => one.partition === partition.partition);
      // The topic may have been made anew meanwhile.
      if (queue !== undefined && this.#queues.includes(queue)) queue.seek({ offset, partitionTime: -1 });
    }
  }

  /** The same, again and again where it can't be asked. Never rejects. */
  async #fromBeginnings(queues: readonly SourceQueue[]): Promise<void> {
    try {
      await this.#seekBeginnings(queues);
    } catch (error) {
      if (!(error instanceof TransportError && error.retriable)) {
        this.#failed(error);
        return;
      }
      const { topic } = this.state;
      this.#settings.log(
        "warn",
        `where ${topic} begins could not be asked, trying again: ${messageOf(error)}`,
      );
      this.#later(() => void this.#fromBeginnings(queues));
    }
  }

  #schedule(): void {
    if (this.#scheduled || this.#closed) return;
    this.#scheduled = true;
    this.#settings.clock.setImmediate(() => {
      this.#scheduled = false;
      if (!this.#closed) this.#work();
    });
  }

  #work(): void {
    const { clock } = this.#settings;
    const until = clock.monotonic() + sliceMs;
    let more = false;
    try {
      for (const queue of this.#queues)
        if (this.state.take(queue, () => clock.monotonic() >= until)) more = true;
    } catch (error) {
      this.#failed(error);
      return;
    }
    if (this.#queues.every((queue) => queue.position >= (this.#ends[queue.partition] ?? 0))) this.#ready?.();
    if (more) this.#schedule();
  }

  #unreadable(error: unknown, queue: SourceQueue): void {
    if (!(error instanceof TransportError)) throw error;
    if (error.kafkaError === "OFFSET_OUT_OF_RANGE") this.#anew(queue);
    else if (error.retriable)
      this.#later(() => queue.seek({ offset: queue.position, partitionTime: queue.partitionTime }));
    else throw error;
  }

  /** Records have gone that were never read; among them may be deletions. */
  #anew({ topic, partition, position }: SourceQueue): void {
    this.#settings.log(
      "warn",
      `offset ${position} of ${topic}-${partition} is not in the log any more: the global table is read anew from the ` +
        "beginning of its topic; until that is done it lacks rows",
      { topic, partition, offset: position },
    );
    this.state.clear();
    void this.#fromBeginnings(this.#queues);
  }

  #later(body: () => void): void {
    this.#settings.clock.setTimeout(() => {
      if (!this.#closed) body();
    }, retryAfterMs);
  }
}
