import type { Clock } from "../../clock.ts";
import type { ErrorHandlers } from "../settings/error-handlers.ts";
import type { Log } from "../../log.ts";
import type { GlobalStores } from "./global-stores.ts";
import type { AppMetrics } from "../metrics/app-metrics.ts";
import type { RecordTracer } from "./record-tracer.ts";
import type { SlicesRunner } from "./slices.ts";

/** What the tasks of a member share. */
export interface TaskEnvironment {
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: AppMetrics;
  readonly handlers: ErrorHandlers;
  readonly deadLetterTopic: string | undefined;
  readonly lateTopic: string | undefined;
  /** False: every change is forwarded and written at once, as with a record cache of size 0. */
  readonly caching: boolean;
  /** Rows of expired windows are deleted from the changelog by tombstones, not by the topic's retention. */
  readonly expireInChangelog: boolean;
  /** Stores read back what they write, as after a restart; for tests. */
  readonly readsBack?: boolean;
  /** Closed windows are looked for at most once per this many ms of wall clock; 0: with every record. */
  readonly emitIntervalMs: number;
  /** How long a partition that has nothing is waited for when others have something, ms (`max.task.idle.ms`, KIP-695). */
  readonly maxTaskIdleMs: number;
  readonly globals: GlobalStores;
  /** Follows records; undefined: nobody does. */
  readonly tracer?: RecordTracer | undefined;
  /** For what of a task takes long, all tasks together. */
  readonly slices: SlicesRunner;
  /** Something changed outside of the member's loop: look again. */
  wake(): void;
}
