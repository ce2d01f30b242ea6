import { Kafka, type KafkaConfig, logLevel } from "kafkajs";
import KafkajsEncoder from "kafkajs/src/protocol/encoder.js";
import errors from "kafkajs/src/protocol/error.js";
import type { Encoder } from "./wire.ts";

/**
 * The one place that touches kafkajs' internals (2.2.4, pinned): cluster metadata, connections with TLS and SASL, and
 * the request framing. `internals.test.ts` fails when an upgrade moves them.
 */
export interface Cluster {
  connect(): Promise<void>;
  disconnect(): Promise<void>;
  refreshMetadata(): Promise<void>;
  addMultipleTargetTopics(topics: readonly string[]): Promise<void>;
  findBroker(options: { readonly nodeId: string }): Promise<Broker>;
  readonly brokerPool: BrokerPool;
}

interface BrokerPool {
  readonly metadata: { readonly topicMetadata: readonly TopicMetadata[] } | null;
  findConnectedBroker(): Promise<Broker>;
}

interface TopicMetadata {
  readonly topic: string;
  readonly partitionMetadata: readonly { readonly partitionId: number; readonly leader: number }[];
}

export interface Broker {
  readonly connectionPool: ConnectionPool;
  metadata(topics: readonly string[]): Promise<{ readonly topicMetadata: readonly TopicMetadata[] }>;
}

interface ConnectionPool {
  readonly pool: readonly { readonly requestQueue: RequestQueue }[];
  send<T>(protocol: {
    readonly request: {
      readonly apiKey: number;
      readonly apiVersion: number;
      readonly apiName: string;
      readonly encode: () => Promise<Encoder>;
    };
    readonly response: {
      readonly decode: (raw: Buffer) => Promise<T>;
      readonly parse: (data: T) => Promise<T>;
    };
    readonly requestTimeout?: number;
    readonly logResponseError?: boolean;
  }): Promise<T>;
}

interface RequestQueue {
  readonly pending: readonly unknown[];
  readonly throttledUntil: number;
  scheduleCheckPendingRequests: () => void;
}

type CreateCluster = (options: {
  readonly metadataMaxAge: number;
  readonly allowAutoTopicCreation: boolean;
  readonly maxInFlightRequests: number | null;
}) => Cluster & {
  readonly connectionPoolBuilder: { build: (...destination: readonly unknown[]) => Promise<ConnectionPool> };
};

export const newEncoder = (size?: number): Encoder => new KafkajsEncoder(size);

export const knownErrors: readonly {
  readonly type: string;
  readonly code: number;
  readonly retriable: boolean;
}[] = errors.errorCodes;

/** A cluster with connections of its own: requests on one connection wait for each other. */
export const createCluster = (config: KafkaConfig): Cluster => {
  const kafka = new Kafka({ logLevel: logLevel.NOTHING, ...config });
  const symbol = Object.getOwnPropertySymbols(kafka).find(
    ({ description }) => description === "private:Kafka:createCluster",
  );
  if (symbol === undefined)
    throw new Error("kafkajs has no createCluster any more: internals.ts is made for 2.2.4");
  const create = (kafka as unknown as Record<symbol, CreateCluster>)[symbol];
  if (create === undefined) throw new Error("kafkajs' createCluster is empty");
  const cluster = create({
    metadataMaxAge: 300_000,
    allowAutoTopicCreation: false,
    maxInFlightRequests: null,
  });
  const { connectionPoolBuilder } = cluster;
  const build = connectionPoolBuilder.build.bind(connectionPoolBuilder);
  connectionPoolBuilder.build = async (...destination) => {
    const built = await build(...destination);
    for (const { requestQueue } of built.pool) stopPolling(requestQueue);
    return built;
  };
  return cluster;
};

/**
 * After its first response kafkajs polls its queue of pending requests every millisecond, with a negative time-out
 * that Node 24 warns of. It needs to look only when it is throttled or has something pending.
 */
const stopPolling = (queue: RequestQueue): void => {
  const schedule = queue.scheduleCheckPendingRequests.bind(queue);
  queue.scheduleCheckPendingRequests = () => {
    if (queue.pending.length > 0 || queue.throttledUntil > Date.now()) schedule();
  };
};
