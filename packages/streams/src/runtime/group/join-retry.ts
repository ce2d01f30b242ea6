import type { Clock } from "../../clock.ts";
import { messageOf } from "../../errors.ts";
import { TransportError } from "../../transport/transport-error.ts";
import type { Log } from "../../log.ts";
import { membershipError } from "./membership-error.ts";

export interface JoinRetryOptions {
  readonly groupId: string;
  readonly instanceId: string | undefined;
  readonly sessionTimeoutMs: number;
  readonly clock: Clock;
  readonly log: Log;
}

export interface AfterFailure {
  /** Until the next try; 0: at once. */
  readonly waitMs: number;
  /** What the coordinator does not know any more: the member, or just its generation. */
  readonly lost: "id" | "generation" | undefined;
}

const firstWaitMs = 100;
const longestWaitMs = 1_000;
/** `session.timeout.ms` of JVM clients: so long a member that was closed without leaving is still there. */
const foreignSessionMs = 45_000;
const foreignMarginMs = 5_000;

/** What a refused join means: try again, begin anew, or give up. */
export class JoinRetry {
  readonly #options: JoinRetryOptions;
  #waitMs = firstWaitMs;
  /** Names of errors of which a line has told. */
  readonly #told = new Set<string>();
  /** Since when another kind of consumer is in the group, ms of the monotonic clock. */
  #foreignSince: number | undefined;

  constructor(options: JoinRetryOptions) {
    this.#options = options;
  }

  succeeded(): void {
    const { groupId, log } = this.#options;
    if (this.#told.size > 0 || this.#foreignSince !== undefined)
      log("info", `joined group "${groupId}" at last`);
    this.#told.clear();
    this.#waitMs = firstWaitMs;
    this.#foreignSince = undefined;
  }

  /** Throws a MillraceError where no further try can help. */
  failed(error: unknown): AfterFailure {
    const { groupId, instanceId, log } = this.#options;
    const name = error instanceof TransportError ? error.kafkaError : "";
    if (name === "INCONSISTENT_GROUP_PROTOCOL") return this.#foreign(error);
    this.#foreignSince = undefined;
    const lost =
      name === "UNKNOWN_MEMBER_ID" ? "id" : name === "ILLEGAL_GENERATION" ? "generation" : undefined;
    if (name === "REBALANCE_IN_PROGRESS") return { waitMs: 0, lost };
    const retriable = error instanceof TransportError && (error.retriable || name === "MEMBER_ID_REQUIRED");
    if (!retriable && lost === undefined) throw membershipError(groupId, instanceId, name, error);
    log(
      this.#told.has(name) ? "debug" : "warn",
      `joining group "${groupId}" failed, trying again: ${messageOf(error)}`,
      { error: name },
    );
    this.#told.add(name);
    return { waitMs: this.#nextWait(), lost };
  }

  #foreign(error: unknown): AfterFailure {
    const { groupId, instanceId, clock, log, sessionTimeoutMs } = this.#options;
    const patienceMs = Math.max(foreignSessionMs, sessionTimeoutMs) + foreignMarginMs;
    if (this.#foreignSince === undefined) {
      this.#foreignSince = clock.monotonic();
      log(
        "warn",
        `another kind of consumer is in group "${groupId}". A Kafka Streams application that was just stopped stays for ` +
          `its session.timeout.ms: waiting for up to ${patienceMs / 1_000} s until it is gone`,
        { error: "INCONSISTENT_GROUP_PROTOCOL", waitMs: patienceMs },
      );
    }
    if (clock.monotonic() - this.#foreignSince >= patienceMs)
      throw membershipError(groupId, instanceId, "INCONSISTENT_GROUP_PROTOCOL", error);
    return { waitMs: longestWaitMs, lost: undefined };
  }

  /** Doubles up to a second; not everybody at the same moment. */
  #nextWait(): number {
    const wait = this.#waitMs * (0.75 + this.#options.clock.random() / 2);
    this.#waitMs = Math.min(2 * this.#waitMs, longestWaitMs);
    return wait;
  }
}
