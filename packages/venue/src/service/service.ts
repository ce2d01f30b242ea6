import type { App } from "@millrace/streams";

/** A number that a service counts beside the runtime's metrics. */
export interface ServiceCounter {
  /** As in Prometheus, without the prefix: `duplicate_records_total`. */
  readonly name: string;
  readonly help: string;
  readonly value: number;
}

/** One or more applications that run in this process, and what an operator wants to know of them. */
export interface Service {
  readonly apps: readonly App[];
  readonly counters: readonly ServiceCounter[];
  /** Why it can't work at the moment, beside the applications' own states: a database that fails, say. */
  readonly troubles: readonly string[];
  /** Commits and closes everything, as `App.stop`. Calling it again waits for the same. */
  stop(options?: { readonly timeoutMs?: number }): Promise<void>;
  /** Resolves when it has stopped; rejects with what ended it. */
  done(): Promise<void>;
}
