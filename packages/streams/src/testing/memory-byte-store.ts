import type { ByteBatch, ByteStore } from "../state/byte-store.ts";
import { SortedList } from "../state/sorted-list.ts";

/** One change of a byte store; null deletes. */
export interface ByteChange {
  readonly key: Uint8Array;
  readonly value: Uint8Array | null;
}

/** A list of changes. */
export class MemoryByteBatch implements ByteBatch {
  readonly changes: ByteChange[] = [];
  byteLength = 0;

  get size(): number {
    return this.changes.length;
  }

  put(key: Uint8Array, value: Uint8Array | null): void {
    if (key.length === 0) throw new RangeError("a byte store takes no empty key");
    this.changes.push({ key: Buffer.from(key), value: value && Buffer.from(value) });
    this.byteLength += key.length + (value?.length ?? 0);
  }
}

/** A byte store that outlives the stores above it, not the process: for tests of persistent stores. */
export class MemoryByteStore implements ByteStore {
  position = -1;
  readonly maxKeyLength = 1_000;
  readonly #values = new Map<string, Uint8Array>();
  readonly #keys = new SortedList<string>((a, b) => (a < b ? -1 : a > b ? 1 : 0));

  get size(): number {
    return this.#values.size;
  }

  get(key: Uint8Array): Uint8Array | undefined {
    return this.#values.get(text(key));
  }

  *range(
    from: Uint8Array | undefined,
    to: Uint8Array | undefined,
    reverse: boolean,
  ): Iterable<readonly [Uint8Array, Uint8Array]> {
    const low = from === undefined ? undefined : text(from);
    const high = to === undefined ? undefined : text(to);
    const atLeast = low === undefined ? undefined : (key: string) => (key < low ? -1 : 0);
    const below = high === undefined ? undefined : (key: string) => (key < high ? 0 : 1);
    const keys = reverse ? this.#keys.descending(atLeast, below) : this.#keys.ascending(atLeast, below);
    for (const key of keys) yield [Buffer.from(key, "latin1"), this.#values.get(key) as Uint8Array];
  }

  batch(): MemoryByteBatch {
    return new MemoryByteBatch();
  }

  write({ changes }: MemoryByteBatch, position: number): Promise<void> {
    for (const { key, value } of changes) {
      const at = text(key);
      if (value === null) {
        this.#values.delete(at);
        this.#keys.delete(at);
      } else {
        this.#values.set(at, value);
        this.#keys.add(at);
      }
    }
    this.position = position;
    return Promise.resolve();
  }

  close(): void {
    // What is here is to be opened again.
  }
}

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString("latin1");
