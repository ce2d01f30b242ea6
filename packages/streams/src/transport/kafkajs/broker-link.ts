import { TransportError } from "../transport-error.ts";
import { Decoder } from "./decoder.ts";
import { frame } from "./frame.ts";
import { type Broker, type Connection, type ConnectionSettings, newConnection } from "./internals.ts";
import { networkError } from "./network-error.ts";
import type { Request } from "./request.ts";

const usualTimeoutMs = 30_000;

/** One connection to one broker: connected once, and never again after it broke or was closed. */
export class BrokerLink {
  readonly address: string;
  readonly #broker: Broker;
  readonly #connection: Connection;
  readonly #settings: ConnectionSettings;
  readonly #opened: Promise<void>;
  #authenticating: Promise<void> | undefined;
  #closing: Promise<void> | undefined;

  constructor(settings: ConnectionSettings) {
    this.#settings = settings;
    this.address = `${settings.host}:${settings.port}`;
    const { broker, connection } = newConnection(settings);
    this.#broker = broker;
    this.#connection = connection;
    this.#opened = this.#open();
    // Whoever waits for `opened` sees it fail; with nobody waiting it is no failure of the process.
    this.#opened.catch(() => undefined);
  }

  /** Whether it is of no use any more: the next request needs a new one. */
  get broken(): boolean {
    return this.#closing !== undefined;
  }

  /** Connected, authenticated, versions known. Rejects with a TransportError. */
  opened(): Promise<void> {
    return this.#opened;
  }

  /** Sends, and decodes the answer. Rejects with a TransportError: NETWORK when there is none. */
  async send<Answer>(request: Request<Answer>): Promise<Answer> {
    await this.#opened;
    this.#checkVersion(request);
    let payload: Buffer;
    try {
      await this.#authenticated();
      payload = await this.#exchange(request);
    } catch (error) {
      // A connection on which an answer is overdue is lost, whatever TCP thinks of it.
      void this.close();
      throw networkError(error, `${request.name} to ${this.address}`);
    }
    return request.decode(new Decoder(payload));
  }

  /** Rejects what waits for an answer, and ends the connection. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #open(): Promise<void> {
    try {
      await this.#broker.connect();
    } catch (error) {
      void this.close();
      throw networkError(error, `connecting to ${this.address}`);
    }
    this.#connection.socket?.once("close", () => {
      void this.close();
    });
  }

  async #close(): Promise<void> {
    // kafkajs would first wait for all answers, up to their time-outs.
    this.#connection.requestQueue.rejectAll(new LinkClosedError());
    // Closed while connecting, it would come to life afterwards.
    await this.#opened.catch(() => undefined);
    this.#connection.requestQueue.rejectAll(new LinkClosedError());
    await this.#connection.disconnect();
    this.#connection.socket?.destroySoon();
  }

  /** SASL sessions may end (KIP-368): no other request may be on the wire while one is renewed. */
  async #authenticated(): Promise<void> {
    const connection = this.#connection;
    if (this.#settings.sasl === undefined || connection.isAuthenticated()) return;
    this.#authenticating ??= (async () => {
      await connection.requestQueue.waitForPendingRequests();
      await connection.authenticate();
    })().finally(() => {
      this.#authenticating = undefined;
    });
    await this.#authenticating;
  }

  #exchange(request: Request<unknown>): Promise<Buffer> {
    const connection = this.#connection;
    return new Promise((resolve, reject) => {
      if (this.broken || !connection.isConnected()) throw new LinkClosedError();
      const correlationId = connection.nextCorrelationId();
      const parts = frame(request, correlationId, this.#settings.clientId);
      connection.requestQueue.push({
        entry: {
          apiKey: request.apiKey,
          apiName: request.name,
          apiVersion: request.version,
          correlationId,
          resolve: ({ payload }) => resolve(payload),
          reject,
        },
        expectResponse: true,
        requestTimeout: request.timeoutMs ?? usualTimeoutMs,
        sendRequest: () => {
          const { socket } = connection;
          if (socket === undefined) throw new LinkClosedError();
          socket.cork();
          for (const part of parts) socket.write(part);
          socket.uncork();
        },
      });
    });
  }

  #checkVersion({ name, apiKey, version }: Request<unknown>): void {
    const range = this.#broker.versions?.[apiKey];
    if (range !== undefined && range.minVersion <= version && version <= range.maxVersion) return;
    const spoken =
      range === undefined ? "does not know it" : `speaks ${range.minVersion} to ${range.maxVersion}`;
    throw new TransportError(
      `${name} needs version ${version}, and the broker at ${this.address} ${spoken}: Millrace needs Kafka 2.8 or later`,
      "UNSUPPORTED_VERSION",
      "fatal",
    );
  }
}

/** Why requests on the wire are given up. Named as kafkajs names its own. */
class LinkClosedError extends Error {
  override readonly name = "KafkaJSConnectionClosedError";
  constructor() {
    super("the connection was closed");
  }
}
