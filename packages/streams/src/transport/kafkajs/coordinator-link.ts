import { TransportError } from "../transport-error.ts";
import type { BrokerLane } from "./broker-lane.ts";
import type { Cluster } from "./cluster.ts";
import type { Request } from "./request.ts";
import { findCoordinator } from "./requests/find-coordinator.ts";
import { retrying } from "./retry.ts";

const moved = new Set([
  "NOT_COORDINATOR",
  "COORDINATOR_NOT_AVAILABLE",
  "COORDINATOR_LOAD_IN_PROGRESS",
  "BROKER_NOT_AVAILABLE",
  "NETWORK",
]);

/** Waits for what is over in a moment, ms: the markers of the transaction before are still being written. */
const steadyWaitsMs = new Map([
  ["CONCURRENT_TRANSACTIONS", 20],
  ["UNSTABLE_OFFSET_COMMIT", 50],
]);

/** The broker that coordinates one group or transactional id: found once, and again when it has moved. */
export class CoordinatorLink {
  readonly #cluster: Cluster;
  readonly #lane: BrokerLane;
  readonly #key: string;
  readonly #type: "group" | "transaction";
  readonly #signal: AbortSignal;
  #node: number | undefined;

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
  async once<Answer>(request: Request<Answer>): Promise<Answer> {
    this.#node ??= await this.#find();
    try {
      return await this.#lane.send(this.#node, request);
    } catch (error) {
      if (error instanceof TransportError && moved.has(error.kafkaError)) this.#node = undefined;
      throw error;
    }
  }

  /** Sends until it gets through, or an error says that waiting is of no use. */
  send<Answer>(request: Request<Answer>, forMs?: number): Promise<Answer> {
    return retrying(() => this.once(request), {
      ...(forMs !== undefined && { forMs }),
      waitMs: ({ kafkaError }) => steadyWaitsMs.get(kafkaError),
      signal: this.#signal,
    });
  }

  #find(): Promise<number> {
    return retrying(() => this.#cluster.sendToAny(findCoordinator(this.#key, this.#type)), {
      signal: this.#signal,
    });
  }
}
