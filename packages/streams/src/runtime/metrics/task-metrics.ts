import type { StoreLookups } from "../../state/store-lookups.ts";
import type { DropReason } from "./drop-reason.ts";
import { Latencies } from "./latencies.ts";
import { RecordCounts } from "./record-count.ts";

/** Why a record that was read went no further, without an error being dead-lettered; `handler`: an error handler said so. */
export type DroppedReason = Exclude<DropReason, "late"> | "handler";

/**
 * What one task has counted since this process began: all of its lives here. Nothing is looked up or made per record:
 * whoever counts holds the object whose field grows. Reading computes.
 */
export class TaskMetrics {
  /** `<sub-topology>_<partition>`, or `global` for what all global tables do. */
  readonly taskId: string;
  /** By source topic; bytes as they came, compressed. */
  readonly consumed: RecordCounts = new RecordCounts();
  /** By sink and repartition topic; bytes of keys and values before compression. */
  readonly produced: RecordCounts = new RecordCounts();
  /** By operator, as the topology's description names it. */
  readonly forwarded: RecordCounts = new RecordCounts();
  /** By store. */
  readonly changelogged: RecordCounts = new RecordCounts();
  /** By store: read back from its changelog. */
  readonly restored: RecordCounts = new RecordCounts();
  /** By store: read from its changelog by a standby. */
  readonly updated: RecordCounts = new RecordCounts();
  /** By store. */
  readonly lookups: Map<string, StoreLookups> = new Map();
  /** Records of windows that had closed. */
  late = 0;
  readonly dropped: Record<DroppedReason, number> = {
    nullKey: 0,
    nullRepartitionKey: 0,
    negativeTimestamp: 0,
    noPartition: 0,
    handler: 0,
  };
  /** By the error's code. */
  readonly deadLettered: Map<string, number> = new Map();
  /** How old records were when the task took them. */
  readonly source: Latencies = new Latencies();
  /** How old they were when a sink, or a repartition topic, was given them. */
  readonly sink: Latencies = new Latencies();
  /** Wall clock, ms since the epoch, of the slice of records at hand. */
  now = 0;

  constructor(taskId: string) {
    this.taskId = taskId;
  }

  /** Whoever counts keeps what it is given. */
  lookupsOf(store: string): StoreLookups {
    let lookups = this.lookups.get(store);
    if (lookups === undefined) this.lookups.set(store, (lookups = { hits: 0, misses: 0 }));
    return lookups;
  }

  /** A slice of records, a flush or an asynchronous result begins: the clock is looked at once for all of it. */
  begin(now: number): void {
    this.now = now;
    this.source.turn(now);
    this.sink.turn(now);
  }
}
