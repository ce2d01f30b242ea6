import type { Log } from "@millrace/streams";
import { type FailureKind, RegistryFailure } from "./registry-failure.ts";

const firstWaitMs = 250;
const longestWaitMs = 10_000;

export type Answer<T> = { readonly value: T } | { readonly failure: RegistryFailure };

/** What somebody has to mend who is not here. */
const mendable: ReadonlySet<FailureKind> = new Set(["refused", "untrusted"]);

/** Asks a registry until it answers. */
export class Persistence {
  readonly #url: string;
  readonly #log: Log | undefined;

  constructor(url: string, log: Log | undefined) {
    this.#url = url;
    this.#log = log;
  }

  /**
   * The answer, or a failure of which asking again would not help. `unreachable` is asked again until `patienceMs` have
   * passed; without an end to the patience so are `refused` and `untrusted`, as permissions can be given, and
   * certificates renewed, later.
   */
  async ask<T>(patienceMs: number, request: () => Promise<T>): Promise<Answer<T>> {
    const giveUp = performance.now() + patienceMs;
    for (let waitMs = firstWaitMs; ; waitMs = Math.min(2 * waitMs, longestWaitMs)) {
      const answer = await attempt(request);
      if ("value" in answer) return answer;
      const { kind, message } = answer.failure;
      const atLast = kind === "unreachable" || (mendable.has(kind) && !Number.isFinite(patienceMs));
      if (!atLast) return answer;
      if (performance.now() + waitMs > giveUp) return answer;
      this.#log?.(
        "warn",
        `schema registry at ${this.#url} ${kind === "refused" ? "refuses" : "is not reachable"} (${message}); trying again in ${waitMs / 1000} s`,
      );
      await new Promise((resolve) => {
        const timer = setTimeout(resolve, waitMs);
        // What is asked for without end must not keep a process alive that wants to end.
        if (!Number.isFinite(patienceMs)) timer.unref();
      });
    }
  }
}

const attempt = async <T>(request: () => Promise<T>): Promise<Answer<T>> => {
  try {
    return { value: await request() };
  } catch (error) {
    if (error instanceof RegistryFailure) return { failure: error };
    // A function that gives tokens failed, most likely: as if the registry had refused.
    return { failure: new RegistryFailure("refused", messageOf(error), { cause: error }) };
  }
};

const messageOf = (thrown: unknown): string => (thrown instanceof Error ? thrown.message : String(thrown));
