import { messageOf } from "../../errors.ts";
import { TransportError } from "../transport-error.ts";
import { type Broker, type Cluster, newEncoder } from "./internals.ts";
import type { Request } from "./request.ts";
import { Decoder } from "./wire.ts";

/**
 * Connections to the brokers of a cluster, for one kind of use: requests on a connection are answered one after the
 * other, so what may wait long (fetches, joins) has connections of its own.
 */
export class KafkaConnection {
  readonly #cluster: Cluster;
  readonly #brokers: string;
  #refreshing: Promise<void> | undefined;

  constructor(cluster: Cluster, brokers: readonly string[]) {
    this.#cluster = cluster;
    this.#brokers = brokers.join(",");
  }

  async connect(): Promise<void> {
    try {
      await this.#cluster.connect();
    } catch (error) {
      throw new TransportError(
        `no Kafka broker answers at ${this.#brokers} (${messageOf(error)}); check the address, and that the broker runs`,
        "NETWORK",
        true,
        { cause: error },
      );
    }
  }

  async close(): Promise<void> {
    await this.#cluster.disconnect();
  }

  /** Node id of a partition's leader. Throws a retriable TransportError while there is none. */
  async leader(topic: string, partition: number): Promise<number> {
    const known = this.#leader(topic, partition);
    if (known !== undefined) return known;
    await this.#guard(`metadata of ${topic}`, () => this.#cluster.addMultipleTargetTopics([topic]));
    let leader = this.#leader(topic, partition);
    if (leader === undefined) {
      await this.refresh();
      leader = this.#leader(topic, partition);
    }
    if (leader === undefined)
      throw new TransportError(`${topic}-${partition} has no leader`, "LEADER_NOT_AVAILABLE", true);
    return leader;
  }

  /** Reads the cluster's metadata anew; concurrent calls share one. */
  refresh(): Promise<void> {
    this.#refreshing ??= this.#guard("metadata", () => this.#cluster.refreshMetadata()).finally(() => {
      this.#refreshing = undefined;
    });
    return this.#refreshing;
  }

  /** All topics of the cluster and their numbers of partitions. */
  topics(): Promise<ReadonlyMap<string, number>> {
    return this.#guard("metadata", async () => {
      const broker = await this.#cluster.brokerPool.findConnectedBroker();
      const { topicMetadata } = await broker.metadata([]);
      return new Map(topicMetadata.map(({ topic, partitionMetadata }) => [topic, partitionMetadata.length]));
    });
  }

  async send<Answer>(nodeId: number, request: Request<Answer>): Promise<Answer> {
    return this.#guard(request.name, async () =>
      this.#sendTo(await this.#cluster.findBroker({ nodeId: String(nodeId) }), request),
    );
  }

  async sendToAny<Answer>(request: Request<Answer>): Promise<Answer> {
    return this.#guard(request.name, async () =>
      this.#sendTo(await this.#cluster.brokerPool.findConnectedBroker(), request),
    );
  }

  async #sendTo<Answer>(broker: Broker, request: Request<Answer>): Promise<Answer> {
    const { name, apiKey, version, encode, decode, timeoutMs } = request;
    const { answer } = await broker.connectionPool.send({
      request: { apiKey, apiVersion: version, apiName: name, encode: async () => encode(newEncoder()) },
      response: {
        decode: async (raw) => ({ answer: decode(new Decoder(raw)) }),
        parse: async (data) => data,
      },
      ...(timeoutMs !== undefined && { requestTimeout: timeoutMs }),
      logResponseError: false,
    });
    return answer;
  }

  #leader(topic: string, partition: number): number | undefined {
    const known = this.#cluster.brokerPool.metadata?.topicMetadata.find((entry) => entry.topic === topic);
    const leader = known?.partitionMetadata.find(({ partitionId }) => partitionId === partition)?.leader;
    return leader === undefined || leader < 0 ? undefined : leader;
  }

  async #guard<T>(what: string, body: () => Promise<T>): Promise<T> {
    try {
      return await body();
    } catch (error) {
      if (error instanceof TransportError) throw error;
      // Anything else is a fault of ours, and no network's.
      if (!(error instanceof Error) || !error.name.startsWith("KafkaJS")) throw error;
      const { type, retriable } = error as { readonly type?: string; readonly retriable?: boolean };
      throw new TransportError(
        `${what} at ${this.#brokers}: ${messageOf(error)}`,
        type ?? "NETWORK",
        type === undefined || retriable === true,
        { cause: error },
      );
    }
  }
}
