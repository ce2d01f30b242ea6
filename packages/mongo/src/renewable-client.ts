import type { Clock, Log } from "@millrace/streams";
import { type MongoClient, MongoServerError, MongoServerSelectionError } from "mongodb";
import { isClosed } from "./is-closed.ts";
import { messageOf } from "./message-of.ts";
import { MongoError } from "./mongo-error.ts";
import { unwrapped } from "./unwrapped.ts";

/** An attempt that takes longer than this has been lost on its way, ms. */
const longestAttemptMs = 30_000;
/** A client that still finds no server so long after it first found none may have stopped looking, ms. */
const longestSearchMs = 5_000;

export interface RenewableClientOptions {
  readonly create: () => MongoClient;
  readonly clock: Clock;
  readonly log: Log | undefined;
}

/**
 * A client that another one replaces when it is of no use any more. A connection that ends in the wrong moment leaves
 * the driver (7.9) waiting for it without end: an operation that never returns, or a monitor that never looks for the
 * server again, so that every operation fails although the server has long been back.
 */
export class RenewableClient {
  readonly #options: RenewableClientOptions;
  readonly #retired = new Set<Promise<void>>();
  #client: MongoClient;
  /** Since when the client has found no server, ms of the monotonic clock; undefined while it finds one. */
  #lostSince: number | undefined;
  #closed = false;

  constructor(client: MongoClient, options: RenewableClientOptions) {
    this.#client = client;
    this.#options = options;
  }

  get current(): MongoClient {
    return this.#client;
  }

  /** Runs `body` once with the client as it is now. Rejects with its error, or a retriable MongoError of its own. */
  async attempt<T>(body: (client: MongoClient) => Promise<T>): Promise<T> {
    const client = this.#client;
    try {
      const result = await this.#inTime(body(client));
      this.#lostSince = undefined;
      return result;
    } catch (thrown) {
      const error = unwrapped(thrown);
      // What a server answered is an answer. Anything else came of closing the client under it.
      if (client !== this.#client && !(error instanceof MongoServerError))
        throw new MongoError("MONGO_RENEWED", `the client was replaced meanwhile: ${messageOf(error)}`, {
          cause: error,
          retriable: true,
        });
      this.#judge(client, error);
      throw thrown;
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([this.#client.close(), ...this.#retired]);
  }

  #judge(client: MongoClient, error: unknown): void {
    // Then it is no wonder, and nobody would close another one.
    if (this.#closed) return;
    if (error instanceof MongoError && error.code === "MONGO_STALLED") this.#renew(client, error.message);
    else if (error instanceof MongoServerError) this.#lostSince = undefined;
    else if (error instanceof MongoServerSelectionError || isClosed(error)) {
      const now = this.#options.clock.monotonic();
      this.#lostSince ??= now;
      if (now - this.#lostSince >= longestSearchMs) this.#renew(client, messageOf(error));
    }
  }

  #renew(client: MongoClient, reason: string): void {
    const { create, log } = this.#options;
    log?.("warn", `MongoDB's driver is given up for a new one: ${reason}`);
    this.#lostSince = undefined;
    this.#client = create();
    const retiring = client
      .close()
      .catch((error: unknown) => log?.("debug", `closing a client: ${messageOf(error)}`))
      .finally(() => this.#retired.delete(retiring));
    this.#retired.add(retiring);
  }

  async #inTime<T>(attempt: Promise<T>): Promise<T> {
    const { clock } = this.#options;
    let timer: unknown;
    const stalled = new Promise<never>((_, reject) => {
      timer = clock.setTimeout(
        () =>
          reject(
            new MongoError("MONGO_STALLED", `no answer within ${longestAttemptMs / 1_000} s`, {
              retriable: true,
            }),
          ),
        longestAttemptMs,
      );
    });
    try {
      return await Promise.race([attempt, stalled]);
    } finally {
      clock.clearTimeout(timer);
    }
  }
}
