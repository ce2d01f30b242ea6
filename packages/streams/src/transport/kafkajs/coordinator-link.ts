import { TransportError } from "../transport-error.ts";
import type { KafkaConnection } from "./kafka-connection.ts";
import type { Request } from "./request.ts";
import { findCoordinator } from "./requests/find-coordinator.ts";
import { retrying } from "./retry.ts";

const moved = new Set([
  "NOT_COORDINATOR",
  "NOT_COORDINATOR_FOR_GROUP",
  "COORDINATOR_NOT_AVAILABLE",
  "GROUP_COORDINATOR_NOT_AVAILABLE",
  "COORDINATOR_LOAD_IN_PROGRESS",
  "GROUP_LOAD_IN_PROGRESS",
  "NETWORK",
]);

/** The broker that coordinates one group or transactional id: found once, and again when it has moved. */
export class CoordinatorLink {
  readonly #connection: KafkaConnection;
  readonly #key: string;
  readonly #type: "group" | "transaction";
  #node: number | undefined;

  constructor(connection: KafkaConnection, key: string, type: "group" | "transaction") {
    this.#connection = connection;
    this.#key = key;
    this.#type = type;
  }

  /** Sends once, to the coordinator as it is known. For what must not be repeated blindly (EndTxn). */
  async once<Answer>(request: Request<Answer>): Promise<Answer> {
    this.#node ??= await this.#find();
    try {
      return await this.#connection.send(this.#node, request);
    } catch (error) {
      if (error instanceof TransportError && moved.has(error.kafkaError)) this.#node = undefined;
      throw error;
    }
  }

  /** Sends until it gets through, as long as only the coordinator's place or the network is in the way. */
  send<Answer>(request: Request<Answer>): Promise<Answer> {
    return retrying(async () => {
      try {
        return await this.once(request);
      } catch (error) {
        if (error instanceof TransportError && moved.has(error.kafkaError) && !error.retriable)
          throw new TransportError(error.message, error.kafkaError, true, { cause: error });
        throw error;
      }
    });
  }

  #find(): Promise<number> {
    return retrying(
      () => this.#connection.sendToAny(findCoordinator(this.#key, this.#type)),
      () => this.#connection.refresh(),
    );
  }
}
