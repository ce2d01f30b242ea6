import { TransportError } from "../transport-error.ts";
import type { BrokerLane } from "./broker-lane.ts";
import type { Cluster } from "./cluster.ts";
import type { Request } from "./request.ts";
import { findCoordinator } from "./requests/find-coordinator.ts";
import type { BrokerAddress } from "./requests/metadata.ts";
import { retrying } from "./retry.ts";

const moved = new Set([
  "NOT_COORDINATOR",
  "COORDINATOR_NOT_AVAILABLE",
  "COORDINATOR_LOAD_IN_PROGRESS",
  "BROKER_NOT_AVAILABLE",
  "MALFORMED_ANSWER",
  "NETWORK",
]);

/** Waits for what is over in a moment, ms: the markers of the transaction before are still being written. */
const steadyWaitsMs = new Map([
  ["CONCURRENT_TRANSACTIONS", 20],
  ["UNSTABLE_OFFSET_COMMIT", 50],
]);

export interface CoordinatorPatience {
  /** How long to go on altogether, ms; a minute from the first failure where it is not said. */
  readonly timeoutMs?: number | undefined;
  /** How long to wait for one answer before the coordinator is looked for anew, ms; as long as is usual. */
  readonly answerMs?: number;
}

/** The broker that coordinates one group or transactional id: found once, and again when it has moved. */
export class CoordinatorLink {
  readonly #cluster: Cluster;
  readonly #lane: BrokerLane;
  readonly #key: string;
  readonly #type: "group" | "transaction";
  readonly #signal: AbortSignal;
  #address: BrokerAddress | undefined;

  /** `signal`, aborted, ends every waiting for a next try. */
  constructor(
    cluster: Cluster,
    lane: BrokerLane,
    key: string,
    type: "group" | "transaction",
    signal: AbortSignal = cluster.signal,
  ) {
    this.#cluster = cluster;
    this.#signal = signal;
    this.#lane = lane;
    this.#key = key;
    this.#type = type;
  }

  /** Sends once, to the coordinator as it is known. For what must not be repeated blindly (EndTxn). */
  async once<Answer>(request: Request<Answer>, timeoutMs?: number): Promise<Answer> {
    const begun = performance.now();
    this.#address ??= await this.#find(timeoutMs);
    const left = timeoutMs === undefined ? undefined : Math.max(1, timeoutMs - (performance.now() - begun));
    try {
      return await this.#lane.sendTo(this.#address, request, left);
    } catch (error) {
      if (error instanceof TransportError && moved.has(error.kafkaError)) this.#address = undefined;
      throw error;
    }
  }

  /** Sends until it gets through, or an error says that waiting is of no use, or `timeoutMs` have passed. */
  send<Answer>(
    request: Request<Answer>,
    { timeoutMs, answerMs = Number.POSITIVE_INFINITY }: CoordinatorPatience = {},
  ): Promise<Answer> {
    const deadline = timeoutMs === undefined ? undefined : performance.now() + timeoutMs;
    const attemptMs = (): number | undefined => {
      const left = deadline === undefined ? Number.POSITIVE_INFINITY : deadline - performance.now();
      const ms = Math.max(1, Math.min(left, answerMs));
      return Number.isFinite(ms) ? ms : undefined;
    };
    return retrying(() => this.once(request, attemptMs()), {
      ...(deadline !== undefined && { until: deadline }),
      waitMs: ({ kafkaError }) => steadyWaitsMs.get(kafkaError),
      signal: this.#signal,
      health: this.#cluster.health,
    });
  }

  async #find(timeoutMs?: number): Promise<BrokerAddress> {
    const request = findCoordinator(this.#key, this.#type);
    // Whoever has little time tries again on its own.
    if (timeoutMs !== undefined) return this.#cluster.sendToAny(request, timeoutMs);
    return retrying(() => this.#cluster.sendToAny(request), {
      signal: this.#signal,
      health: this.#cluster.health,
    });
  }
}
