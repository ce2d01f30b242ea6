import type { Socket } from "node:net";
import { Kafka, type KafkaConfig } from "kafkajs";
import brokerModule from "kafkajs/src/broker/index.js";
import connectionModule from "kafkajs/src/network/connection.js";
import requestQueueModule from "kafkajs/src/network/requestQueue/index.js";
import socketFactoryModule from "kafkajs/src/network/socketFactory.js";
import { type Answer, AnswerReader } from "./answer-reader.ts";
import { readingSocket } from "./reading-socket.ts";

/*
 * The one place that touches kafkajs' inside (2.2.4, pinned): its connection with TLS, SASL, versions and request
 * queue. Its classes are extended, never changed; `internals.test.ts` fails when an upgrade moves them.
 */

interface RequestQueue {
  readonly pending: readonly unknown[];
  push(request: {
    readonly entry: {
      readonly apiKey: number;
      readonly apiName: string;
      readonly apiVersion: number;
      readonly correlationId: number;
      readonly resolve: (answer: { readonly payload: Buffer }) => void;
      readonly reject: (error: unknown) => void;
    };
    readonly expectResponse: boolean;
    readonly requestTimeout: number;
    readonly sendRequest: () => void;
  }): void;
  fulfillRequest(answer: Answer): void;
  rejectAll(error: Error): void;
  waitForPendingRequests(): Promise<void>;
  scheduleCheckPendingRequests(): void;
}

/** kafkajs' connection to a broker, as far as we use it. */
export interface Connection {
  readonly socket?: Socket;
  requestQueue: RequestQueue;
  isConnected(): boolean;
  /** False without SASL, and when a session is about to run out (KIP-368). */
  isAuthenticated(): boolean;
  connect(): Promise<unknown>;
  authenticate(): Promise<void>;
  disconnect(): Promise<unknown>;
  nextCorrelationId(): number;
  /** Those of a SASL exchange that is under way; null otherwise. */
  readonly authHandlers: unknown;
  processData(data: Buffer): void;
}

/** kafkajs' broker: brings a connection up to versions and SASL. */
export interface Broker {
  readonly versions: Readonly<
    Record<number, { readonly minVersion: number; readonly maxVersion: number }>
  > | null;
  connect(): Promise<void>;
}

export interface ConnectionSettings extends Pick<KafkaConfig, "ssl" | "sasl" | "logLevel" | "logCreator"> {
  readonly clientId: string;
  readonly host: string;
  readonly port: number;
  readonly connectionTimeout: number;
  /** The least any answer is waited for, ms. */
  readonly requestTimeout: number;
}

type Options = Readonly<Record<string, unknown>>;
type SocketOptions = Options & { readonly ssl: unknown; readonly onConnect: () => void };
const RequestQueueClass = requestQueueModule as new (options: Options) => RequestQueue;
const ConnectionClass = connectionModule as new (options: Options) => Connection;
const BrokerClass = brokerModule as new (options: Options) => Broker;
const newSocketFactory = socketFactoryModule as () => (options: Options) => Socket;

/**
 * After its first response kafkajs polls its queue every millisecond for ever, by a negative time-out that Node 24
 * warns of. There is something to look for only while a request is pending, which is while the broker throttles.
 */
class QuietRequestQueue extends RequestQueueClass {
  override scheduleCheckPendingRequests(): void {
    if (this.pending.length > 0) super.scheduleCheckPendingRequests();
  }
}

/** Copies what comes once, to where it stays; kafkajs' own keeps each piece, and then puts them together. */
class QuietConnection extends ConnectionClass {
  readonly #answers = new AnswerReader((answer) => this.requestQueue.fulfillRequest(answer));

  override processData(data: Buffer): void {
    // kafkajs keeps what it is given.
    if (this.authHandlers !== null) super.processData(Buffer.from(data));
    else this.#take(data);
  }

  #take(data: Buffer): void {
    try {
      this.#answers.take(data);
    } catch (error) {
      // Whoever is there, it is no broker: all that waits for it hears of that.
      this.socket?.destroy(error as Error);
    }
  }

  constructor(options: Options) {
    super(options);
    const { host, port, clientId, logger } = options as {
      readonly logger: ReturnType<Kafka["logger"]>;
    } & Options;
    this.requestQueue = new QuietRequestQueue({
      ...options,
      clientId,
      broker: `${String(host)}:${String(port)}`,
      logger: logger.namespace("RequestQueue"),
      isConnected: () => this.isConnected(),
    });
  }
}

/** A broker with a single connection of its own, not connected yet. */
export const newConnection = (
  settings: ConnectionSettings,
): { readonly broker: Broker; readonly connection: Connection } => {
  const { host, port, sasl, ssl, clientId, connectionTimeout, requestTimeout } = settings;
  const logger = new Kafka({ brokers: [`${host}:${port}`], ...settings }).logger();
  const connect = newSocketFactory();
  const connection = new QuietConnection({
    host,
    port,
    // kafkajs leaves its authenticator in there.
    sasl: sasl === undefined ? null : { ...sasl },
    ssl: ssl === true ? {} : (ssl ?? null),
    clientId,
    connectionTimeout,
    requestTimeout,
    enforceRequestTimeout: true,
    maxInFlightRequests: null,
    logger,
    // Without it the end of a large produce request waits for the acknowledgement of its beginning (Nagle).
    socketFactory: (options: SocketOptions) =>
      (options.ssl ? connect(options) : readingSocket(host, port, options.onConnect)).setNoDelay(true),
  });
  // Stands for kafkajs' pool of two: what a broker needs of it, for one connection.
  const connectionPool = {
    host,
    port,
    sasl,
    connectionTimeout,
    isConnected: () => connection.isConnected(),
    isAuthenticated: () => connection.isAuthenticated(),
    getConnection: async () => {
      if (!connection.isConnected()) await connection.connect();
      return connection;
    },
    setVersions: (versions: unknown) => (connection as unknown as PoolMember).setVersions(versions),
    setSupportAuthenticationProtocol: (supported: boolean) =>
      (connection as unknown as PoolMember).setSupportAuthenticationProtocol(supported),
    send: (request: unknown) => (connection as unknown as PoolMember).send(request),
    // What a broker does when it is hung up on while it asks for versions.
    destroy: () => connection.disconnect(),
  };
  return { broker: new BrokerClass({ connectionPool, logger }), connection };
};

/** What only a broker asks of its connection. */
interface PoolMember {
  setVersions(versions: unknown): void;
  setSupportAuthenticationProtocol(supported: boolean): void;
  send(request: unknown): Promise<unknown>;
}
