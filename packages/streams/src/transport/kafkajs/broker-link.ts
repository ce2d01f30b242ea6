import { messageOf } from "../../errors.ts";
import { TransportError } from "../transport-error.ts";
import { Decoder } from "./decoder.ts";
import { frame } from "./frame.ts";
import { type Broker, type Connection, type ConnectionSettings, newConnection } from "./internals.ts";
import type { BrokerHealth } from "./broker-health.ts";
import { networkError } from "./network-error.ts";
import { type Request, requestText } from "./request.ts";

const usualTimeoutMs = 30_000;

/** What a connection needs of its transport. */
export interface LinkSettings extends ConnectionSettings {
  /** Id of the broker; -1 where it is not known yet. */
  readonly node: number;
  readonly health: BrokerHealth;
}

/** One connection to one broker: connected once, and never again after it broke or was closed. */
export class BrokerLink {
  readonly address: string;
  readonly #health: BrokerHealth;
  readonly #broker: Broker;
  readonly #connection: Connection;
  readonly #settings: LinkSettings;
  readonly #opened: Promise<void>;
  readonly #begun = performance.now();
  #connected = false;
  #authenticating: Promise<void> | undefined;
  #closing: Promise<void> | undefined;
  #discarded = false;

  constructor(settings: LinkSettings) {
    this.#settings = settings;
    this.#health = settings.health;
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

  /**
   * Sends, and decodes the answer. Rejects with a TransportError: NETWORK when there is none, also within `timeoutMs`,
   * which counts from this call: the connection may not be open yet.
   */
  async send<Answer>(request: Request<Answer>, timeoutMs?: number): Promise<Answer> {
    const { holdMs = 0 } = request;
    const usual = request.timeoutMs ?? usualTimeoutMs + holdMs;
    const awaited = this.#health.sent(this.address, this.#settings.node, requestText(request), holdMs);
    let payload: Buffer;
    try {
      payload = await this.#within(timeoutMs ?? usual, request, this.#sendOpened(request));
    } catch (error) {
      if (this.#discarded) this.#health.dropped(awaited);
      else if (error instanceof TransportError && !error.retriable) this.#health.answered(awaited);
      else this.#health.failed(awaited);
      throw error;
    }
    this.#health.answered(awaited);
    return this.#decode(request, payload);
  }

  /** Rejects what waits for an answer, and ends the connection: nobody needs it any more. */
  close(): Promise<void> {
    this.#discarded = true;
    return this.#break();
  }

  #break(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #sendOpened(request: Request<unknown>): Promise<Buffer> {
    await this.#opened;
    this.#checkVersion(request);
    try {
      await this.#authenticated();
      return await this.#exchange(request);
    } catch (error) {
      void this.#break();
      throw networkError(error, `${requestText(request)} to ${this.address}`);
    }
  }

  async #within<T>(ms: number, request: Request<unknown>, answer: Promise<T>): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const overdue = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        // A connection on which an answer is overdue is lost, whatever TCP thinks of it. One that is still being
        // opened gets its time, for others wait for it, too.
        if (this.#connected || performance.now() - this.#begun > this.#settings.connectionTimeout)
          void this.#break();
        const text = `${requestText(request)}: ${this.address} has not answered within ${Math.round(ms)} ms`;
        reject(new TransportError(text, "NETWORK", "retry"));
      }, ms);
    });
    try {
      return await Promise.race([answer, overdue]);
    } finally {
      clearTimeout(timer);
    }
  }

  #decode<Answer>(request: Request<Answer>, payload: Buffer): Answer {
    try {
      return request.decode(new Decoder(payload));
    } catch (error) {
      if (error instanceof TransportError) throw error;
      void this.#break();
      throw new TransportError(
        `the answer of ${this.address} to ${requestText(request)} can't be read: ${messageOf(error)}`,
        "MALFORMED_ANSWER",
        "retry",
        { cause: error },
      );
    }
  }

  async #open(): Promise<void> {
    try {
      await this.#broker.connect();
    } catch (error) {
      void this.#break();
      throw networkError(error, `connecting to ${this.address}`);
    }
    this.#connected = true;
    this.#connection.socket?.once("close", () => {
      void this.#break();
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
        // kafkajs' own, for when the other one has given up already.
        requestTimeout: (request.timeoutMs ?? usualTimeoutMs + (request.holdMs ?? 0)) + 1_000,
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

  /** Throws UNSUPPORTED_VERSION. */
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
