import type { Headers } from "../../record.ts";
import type { ErrorHandlers } from "../../runtime/settings/error-handlers.ts";
import type { Log } from "../../log.ts";

/** How a test driver runs its topology (`TopologyTestDriver`'s properties). */
export interface TestDriverOptions {
  /** Wall clock at the start, ms since the epoch. */
  readonly startTime?: number;
  /** How many partitions topics have, by name; 1 unless said here. Repartition topics follow from them. */
  readonly partitions?: Readonly<Record<string, number>>;
  /** False: each change is forwarded at once, as with `statestore.cache.max.bytes = 0`. True by default. */
  readonly caching?: boolean;
  /** Closed windows are looked for at most once per this many ms, as on the JVM; 0, with every record, as in an application. */
  readonly emitIntervalMs?: number;
  /** False: changelogs show no tombstones of expired windows, but what came expired, as on the JVM. True by default. */
  readonly expireInChangelog?: boolean;
  readonly handlers?: Partial<ErrorHandlers>;
  readonly deadLetterTopic?: string;
  readonly lateTopic?: string;
  readonly log?: Log;
}

/** What a piped record has beside key and value. */
export interface PipedRecord {
  /** ms, event time; the wall clock's by default. */
  readonly timestamp?: number;
  readonly headers?: Headers;
  /** That of the key by default, as producers choose it. */
  readonly partition?: number;
}
