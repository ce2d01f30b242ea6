import type { ByteStore, KeptStore, TaskState } from "@millrace/streams";
import type { ChangeBatch } from "./change-batch.ts";
import { type Environment, positionKey } from "./environment.ts";
import { LmdbByteStore } from "./lmdb-byte-store.ts";
import type { Writer } from "./writer.ts";

/** What the next transaction holds. */
class NextWrite {
  readonly batches: { readonly store: number; readonly batch: ChangeBatch }[] = [];
  byteLength = 0;
  readonly positions = new Map<string, number>();
  readonly done: Promise<void>;
  readonly #settle: { resolve: () => void; reject: (error: unknown) => void };

  constructor() {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.done = promise;
    this.#settle = { resolve, reject };
    // Who writes hears of it; nobody else has to.
    promise.catch(() => undefined);
  }

  resolve(): void {
    this.#settle.resolve();
  }

  reject(error: unknown): void {
    this.#settle.reject(error);
  }
}

/**
 * The stores of one task in one environment. Writes of one turn are one transaction; what comes while one is under way
 * goes together into the next, so that a slow disk makes transactions larger, not more.
 */
export class LmdbTaskState implements TaskState {
  readonly #path: string;
  readonly #environment: Environment;
  readonly #writer: Writer;
  readonly #names: readonly string[];
  readonly #stores = new Map<string, LmdbByteStore>();
  readonly #closed: () => void;
  #next: NextWrite | undefined;
  #writing: Promise<void> | undefined;
  #pendingBytes = 0;
  #failure: { readonly error: unknown } | undefined;

  constructor(
    path: string,
    environment: Environment,
    writer: Writer,
    stores: readonly KeptStore[],
    hooks: { readonly broken: () => void; readonly closed: () => void },
  ) {
    this.#path = path;
    this.#environment = environment;
    this.#writer = writer;
    this.#names = stores.map(({ name }) => name);
    this.#closed = hooks.closed;
    for (const [at, { name }] of stores.entries()) {
      const position = environment.meta.getBinary(positionKey(name));
      this.#stores.set(
        name,
        new LmdbByteStore(name, environment.store(name), {
          maxKeyLength: environment.maxKeyLength,
          position: position === undefined ? -1 : Number(position.toString()),
          write: (batch, to) => this.#write(at, name, batch, to),
          broken: hooks.broken,
        }),
      );
    }
  }

  get pendingBytes(): number {
    return this.#pendingBytes;
  }

  store(name: string): ByteStore {
    const store = this.#stores.get(name);
    if (store === undefined) throw new Error(`the task's state has no store "${name}"`);
    return store;
  }

  async settled(): Promise<void> {
    while (this.#next !== undefined || this.#writing !== undefined)
      await (this.#next?.done ?? this.#writing)?.catch(() => undefined);
    if (this.#failure !== undefined) throw this.#failure.error;
  }

  async close(): Promise<void> {
    await this.settled().catch(() => undefined);
    await this.#writer.send({ type: "close", path: this.#path }).catch(() => undefined);
    await this.#environment.root.close();
    this.#closed();
  }

  #write(at: number, name: string, batch: ChangeBatch, position: number): Promise<void> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure.error);
    if (this.#next === undefined) {
      this.#next = new NextWrite();
      // The other stores of the task write in this turn, too.
      if (this.#writing === undefined) queueMicrotask(() => this.#send());
    }
    const next = this.#next;
    next.batches.push({ store: at, batch });
    next.positions.set(name, position);
    const { byteLength } = batch;
    next.byteLength += byteLength;
    this.#pendingBytes += byteLength;
    return next.done;
  }

  #send(): void {
    const write = this.#next;
    if (write === undefined) return;
    this.#next = undefined;
    this.#writing = this.#transact(write).finally(() => {
      this.#writing = undefined;
      this.#send();
    });
  }

  async #transact(write: NextWrite): Promise<void> {
    try {
      const sizes = await this.#writer.send({
        type: "write",
        path: this.#path,
        stores: this.#names,
        changes: write.batches.map(({ store, batch }) => ({ store, chunks: batch.written })),
        positions: [...write.positions],
      });
      for (const [name, size] of sizes) this.#stores.get(name)?.wrote(size);
      // Reads of this thread still have the snapshot from before.
      this.#environment.root.resetReadTxn();
      this.#pendingBytes -= write.byteLength;
      write.resolve();
    } catch (error) {
      // What follows would be without this: the position must not pass it.
      this.#failure ??= { error };
      this.#pendingBytes = 0;
      write.reject(error);
      this.#next?.reject(error);
      this.#next = undefined;
    }
  }
}
