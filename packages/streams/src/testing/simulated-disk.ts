import type { Clock } from "../clock.ts";
import type { ByteStore } from "../state/byte-store.ts";
import type { KeptStore, KeptTask, StateBackend, TaskState } from "../state/state-backend.ts";
import { type ByteChange, MemoryByteBatch, MemoryByteStore } from "./memory-byte-store.ts";

interface KeptRows {
  readonly position: number;
  readonly rows: ReadonlyMap<string, Uint8Array>;
}

/** The state of one task as it is on the disk: never changed, but replaced. */
interface KeptState {
  readonly stores: readonly KeptStore[];
  readonly rows: ReadonlyMap<string, KeptRows>;
}

/** How a simulated disk behaves. */
export interface SimulatedDiskOptions {
  /** How long a transaction takes to be on it, ms; 1. */
  readonly writeMs?: () => number;
  /** What each store above it may hold in memory, bytes. */
  readonly cacheBytes?: number;
}

const nothing: KeptRows = { position: -1, rows: new Map() };

/**
 * The disk of a simulated machine, with a state directory (`AppOptions.state`): it outlives the processes that use it one
 * after the other. A transaction of a task is on it whole or not at all; those that were not given to it when its process was
 * killed are lost, and one that was may be on it without the process having heard of that.
 *
 * @example
 * const disk = new SimulatedDisk(clock);
 * const app = createApp(counts, { transport, clock: process, state: disk.open(process) });
 */
export class SimulatedDisk {
  readonly #clock: Clock;
  readonly #options: SimulatedDiskOptions;
  #tasks: ReadonlyMap<string, KeptState> = new Map();
  readonly #earlier: ReadonlyMap<string, KeptState>[] = [];
  /** Counts the processes that have opened it: what an earlier one has not written by then is never there. */
  #lives = 0;

  /** `clock`: the machine's, which goes on when processes are killed. */
  constructor(clock: Clock, options: SimulatedDiskOptions = {}) {
    this.#clock = clock;
    this.#options = options;
  }

  /** The state directory as one process uses it. */
  open(process: Clock): StateBackend {
    this.#lives++;
    return {
      openTask: (task) => Promise.resolve(this.#openTask(task, process)),
      holds: (id) => this.#tasks.has(id),
      cleanUp: () => Promise.resolve([]),
      close: () => Promise.resolve(),
    };
  }

  /** Remembers what is on it, for `goBack`. */
  remember(): void {
    this.#earlier.push(this.#tasks);
  }

  /** It is as it was when it was remembered: by number, from 0. Throws where that was never. */
  goBack(to: number): void {
    const tasks = this.#earlier[to];
    if (tasks === undefined) throw new RangeError(`the disk was remembered ${this.#earlier.length} times`);
    this.#tasks = tasks;
  }

  /** How often it was remembered. */
  get remembered(): number {
    return this.#earlier.length;
  }

  /** All that was on it is lost. */
  lose(): void {
    this.#tasks = new Map();
  }

  #openTask(task: KeptTask, process: Clock): TaskState {
    const life = this.#lives;
    const kept = this.#tasks.get(task.id);
    const stores = new Map<string, DiskStore>();
    const usable = new Map(
      task.stores.map((store) => {
        const before = kept?.stores.find(({ name }) => name === store.name);
        const isSame = before?.kind === store.kind && before.changelogTopicId === store.changelogTopicId;
        return [store.name, (isSame ? kept?.rows.get(store.name) : undefined) ?? nothing] as const;
      }),
    );
    this.#put(task.id, { stores: task.stores, rows: usable });
    const writes = new DiskWrites(
      (changes) => {
        if (life === this.#lives) this.#apply(task.id, changes);
      },
      {
        clock: this.#clock,
        process,
        writeMs: this.#options.writeMs ?? (() => 1),
      },
    );
    for (const [name, rows] of usable) {
      const { cacheBytes } = this.#options;
      stores.set(
        name,
        new DiskStore(rows, cacheBytes, (changes, position) => writes.add(name, changes, position)),
      );
    }
    return {
      store: (name) => {
        const store = stores.get(name);
        if (store === undefined) throw new Error(`the task's state has no store "${name}"`);
        return store;
      },
      get pendingBytes() {
        return writes.pendingBytes;
      },
      settled: () => writes.settled(),
      close: () => writes.settled(),
    };
  }

  #put(id: string, state: KeptState): void {
    this.#tasks = new Map([...this.#tasks, [id, state]]);
  }

  #apply(id: string, writes: readonly DiskWrite[]): void {
    const kept = this.#tasks.get(id);
    // Lost, or gone back, meanwhile: the machine is not what this process knew.
    if (kept === undefined) return;
    const all = new Map(kept.rows);
    for (const { store, changes, position } of writes) {
      const rows = new Map((all.get(store) ?? nothing).rows);
      for (const { key, value } of changes) {
        const at = Buffer.from(key).toString("latin1");
        if (value === null) rows.delete(at);
        else rows.set(at, value);
      }
      all.set(store, { position, rows });
    }
    this.#put(id, { stores: kept.stores, rows: all });
  }
}

interface DiskWrite {
  readonly store: string;
  readonly changes: readonly ByteChange[];
  readonly position: number;
}

/** What one task writes: all of a turn together, one transaction after the other. */
class DiskWrites {
  readonly #apply: (writes: readonly DiskWrite[]) => void;
  readonly #times: { readonly clock: Clock; readonly process: Clock; readonly writeMs: () => number };
  #next: DiskWrite[] = [];
  #nextDone = Promise.withResolvers<void>();
  #busy = false;
  #last: Promise<void> = Promise.resolve();
  pendingBytes = 0;

  constructor(
    apply: (writes: readonly DiskWrite[]) => void,
    times: { readonly clock: Clock; readonly process: Clock; readonly writeMs: () => number },
  ) {
    this.#apply = apply;
    this.#times = times;
  }

  add(store: string, changes: readonly ByteChange[], position: number): Promise<void> {
    for (const { key, value } of changes) this.pendingBytes += key.length + (value?.length ?? 0);
    this.#next.push({ store, changes, position });
    if (this.#next.length === 1) {
      this.#last = this.#nextDone.promise;
      // The other stores of the task write in this turn, too.
      if (!this.#busy) this.#times.process.setImmediate(() => this.#send());
      this.#busy = true;
    }
    return this.#nextDone.promise;
  }

  settled(): Promise<void> {
    return this.#last;
  }

  #send(): void {
    const writes = this.#next;
    const done = this.#nextDone;
    if (writes.length === 0) {
      this.#busy = false;
      return;
    }
    this.#next = [];
    this.#nextDone = Promise.withResolvers<void>();
    const { clock, process, writeMs } = this.#times;
    const ms = writeMs();
    clock.setTimeout(() => this.#apply(writes), ms);
    process.setTimeout(() => {
      for (const { changes } of writes)
        for (const { key, value } of changes) this.pendingBytes -= key.length + (value?.length ?? 0);
      done.resolve();
      this.#send();
    }, ms + 1);
  }
}

/** The rows of one store as its process sees them: with those that are on their way to the disk. */
class DiskStore implements ByteStore {
  readonly #rows = new MemoryByteStore();
  readonly #write: (changes: readonly ByteChange[], position: number) => Promise<void>;
  readonly cacheBytes: number | undefined;

  constructor(
    kept: KeptRows,
    cacheBytes: number | undefined,
    write: (changes: readonly ByteChange[], position: number) => Promise<void>,
  ) {
    const before = new MemoryByteBatch();
    for (const [key, value] of kept.rows) before.put(Buffer.from(key, "latin1"), value);
    void this.#rows.write(before, kept.position);
    this.cacheBytes = cacheBytes;
    this.#write = write;
  }

  get position(): number {
    return this.#rows.position;
  }

  get maxKeyLength(): number {
    return this.#rows.maxKeyLength;
  }

  get size(): number {
    return this.#rows.size;
  }

  get(key: Uint8Array): Uint8Array | undefined {
    return this.#rows.get(key);
  }

  range(
    from: Uint8Array | undefined,
    to: Uint8Array | undefined,
    reverse: boolean,
  ): Iterable<readonly [Uint8Array, Uint8Array]> {
    return this.#rows.range(from, to, reverse);
  }

  batch(): MemoryByteBatch {
    return new MemoryByteBatch();
  }

  write(batch: MemoryByteBatch, position: number): Promise<void> {
    void this.#rows.write(batch, position);
    return this.#write(batch.changes, position);
  }

  close(): void {
    // The disk keeps it.
  }
}
