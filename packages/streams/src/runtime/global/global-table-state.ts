import { MillraceError, messageOf } from "../../errors.ts";
import type { StageNode } from "../../stages.ts";
import type { KeyValueStore } from "../../state/key-value-store.ts";
import { openStore } from "../../state/open-store.ts";
import type { StateStore } from "../../state/state-store.ts";
import type { RecordPosition } from "../../topic.ts";
import type { ErrorHandlers } from "../settings/error-handlers.ts";
import type { Log } from "../../log.ts";
import type { AppMetrics } from "../metrics/app-metrics.ts";
import type { SourceQueue } from "../task/source-queue.ts";

/** What a global table tells of the records that it leaves out. */
export interface GlobalTableEnvironment {
  readonly log: Log;
  readonly metrics: AppMetrics;
  readonly handlers: Pick<ErrorHandlers, "deserialization" | "production">;
  readonly readsBack?: boolean;
}

/** The rows of one global table: what its topic's records make of them. */
export class GlobalTableState {
  readonly topic: string;
  readonly store: KeyValueStore<unknown, unknown> & StateStore;
  readonly #environment: GlobalTableEnvironment;
  #settled = 0;

  constructor({ role }: StageNode, environment: GlobalTableEnvironment) {
    if (role.type !== "global") throw new Error("only a global table has such a state");
    this.topic = role.topic.name;
    this.#environment = environment;
    this.store = openStore(role.store, {
      write: () => undefined,
      timestamp: () => 0,
      writeThrough: false,
      expireInChangelog: false,
      readsBack: environment.readsBack,
      refused: (error) => this.#leaveOut(error, "production"),
    });
  }

  /** Takes all that has been read, until `until` answers true; whether there may be more. */
  take(queue: SourceQueue, until: () => boolean): boolean {
    let more = false;
    while (queue.load()) {
      const { key, value, timestamp } = queue;
      if (key === null) this.#drop("nullKey", queue.headPosition);
      else if (value === null) this.store.delete(key, timestamp);
      else this.store.put(key, value, timestamp);
      queue.done();
      if (!until()) continue;
      more = true;
      break;
    }
    this.#settle();
    return more;
  }

  /** Its topic has lost records: which rows are still there shows when it is read anew. */
  clear(): void {
    for (const [key] of this.store.all()) this.store.delete(key, 0);
    this.#settle();
  }

  /** A record could not be read. Throws where the handler wants that to end the application. */
  undecodable(error: unknown, { headPosition }: SourceQueue): void {
    const code = error instanceof MillraceError ? error.code : "DESERIALIZATION";
    this.#leaveOut(
      new MillraceError(messageOf(error), { code, position: headPosition, cause: error }),
      "deserialization",
    );
  }

  negativeTimestamp({ headPosition }: SourceQueue): void {
    this.#drop("negativeTimestamp", headPosition);
  }

  #drop(reason: "nullKey" | "negativeTimestamp", position: RecordPosition): void {
    const { metrics, log } = this.#environment;
    metrics.globals.dropped[reason]++;
    log("debug", `dropped a record of a global table: ${reason}`, { reason, ...position });
  }

  /** Every member reads the record, and none has it in a transaction: it is not dead-lettered, but said and counted. */
  #leaveOut(error: MillraceError, handler: "deserialization" | "production"): void {
    const { handlers, metrics, log } = this.#environment;
    const decision = handlers[handler](error, 0);
    if (decision !== "skip" && decision !== "deadLetter") throw error;
    metrics.globals.dropped.handler++;
    log("warn", `left a record out of a global table: ${error.message}`, {
      code: error.code,
      ...error.position,
    });
  }

  /** What was put is the state: nothing follows from it, and nothing is ever undone. */
  #settle(): void {
    if (!this.store.dirty) return;
    this.store.flush();
    this.store.seal(++this.#settled);
    this.store.committed(this.#settled, undefined);
  }
}
