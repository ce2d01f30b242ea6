import type { ClientSession, MongoClient } from "mongodb";

/** Sessions that nobody uses at the moment. */
interface Idle {
  readonly clean: ClientSession[];
  /** Those whose last transaction may still be open on the server. */
  readonly suspect: ClientSession[];
}

/**
 * Keeps the sessions of transactions, also of those that a broken connection ended. The server holds such a transaction
 * open, and all that it wrote locked, for a minute, unless the same session begins another one. The driver itself throws
 * a session away then, and nobody could end what was begun in it.
 */
export class SessionPool {
  readonly #idle = new WeakMap<MongoClient, Idle>();

  /** Runs `body` in a session that nobody else uses; what it leaves uncommitted is aborted. */
  async use<T>(client: MongoClient, body: (session: ClientSession) => Promise<T>): Promise<T> {
    const { clean, suspect } = this.#idle.get(client) ?? { clean: [], suspect: [] };
    this.#idle.set(client, { clean, suspect });
    // In turns: one that is held up by another's open transaction must not keep that from its turn.
    const session = suspect.shift() ?? clean.pop() ?? client.startSession();
    let idle = suspect;
    try {
      const result = await body(session);
      if (!session.inTransaction()) idle = clean;
      return result;
    } finally {
      // Where this does not reach the server, the session's next transaction ends this one.
      if (session.inTransaction()) await session.abortTransaction().catch(() => undefined);
      if (!session.hasEnded) idle.push(session);
    }
  }
}
