import { MillraceError, messageOf } from "../errors.ts";
import type { ByteBatch, ByteStore } from "./byte-store.ts";
import type { CachedRow } from "./cached-row.ts";
import { readRowBytes } from "./row-bytes.ts";
import { RowCache } from "./row-cache.ts";

const defaultCacheBytes = 16 * 1024 * 1024;
/** Room is made every so many rows that have come, looking at so many for each of them. */
const rowsPerShrink = 64;
const looksPerRow = 4;
/** A commit makes room, too, in one go: that must not take long. */
const looksPerCommit = 2_048;

interface ByteCacheOptions<K, V> {
  /** Names the store in errors. */
  readonly store: string;
  /** What it may hold in memory beside its changes, bytes, about; 16 MiB by default. */
  readonly maxBytes: number | undefined;
  /** Estimate of what a row takes, in bytes. */
  readonly rowBytes: () => number;
  /** Whether a row is in the byte store as it is. */
  readonly isStored: (row: CachedRow<K, V>) => boolean;
  /** Told of rows that are in the byte store alone from now on. */
  readonly evict: (row: CachedRow<K, V>) => void;
}

/** What a persistent store has of its byte store: the rows that are in memory, too, and what is to be written there. */
export class ByteCache<K, V> {
  readonly bytes: ByteStore;
  readonly #options: ByteCacheOptions<K, V>;
  readonly #cache: RowCache<K, V>;
  #came = 0;
  /** What was flushed, as it goes to the byte store with its commit. */
  #open: ByteBatch;
  #sealed: ByteBatch | undefined;

  constructor(bytes: ByteStore, options: ByteCacheOptions<K, V>) {
    this.bytes = bytes;
    this.#options = options;
    this.#cache = new RowCache(options.evict);
    this.#open = bytes.batch();
  }

  /** A row is in memory. */
  add(row: CachedRow<K, V>): void {
    this.#came++;
    this.#cache.add(row);
  }

  /** Takes rows out of memory where there are too many; those that are about to be used must not be there yet. */
  makeRoom(): void {
    if (this.#came < rowsPerShrink) return;
    const looks = this.#came * looksPerRow;
    this.#came = 0;
    this.#shrink(looks);
  }

  #shrink(looks: number): void {
    const { maxBytes = this.bytes.cacheBytes ?? defaultCacheBytes, rowBytes, isStored } = this.#options;
    this.#cache.shrink(Math.floor(maxBytes / rowBytes()), looks, (row) => !isStored(row));
  }

  /** What the changes since the last seal take, bytes, about. */
  get changedBytes(): number {
    return this.#open.byteLength;
  }

  /** A change that goes to the byte store with the commit. */
  keep(key: Uint8Array, value: Uint8Array | null): void {
    this.#open.put(key, value);
  }

  /** Throws where the byte store takes no such key. */
  checkKey({ length }: Uint8Array): void {
    const { maxKeyLength } = this.bytes;
    if (length > maxKeyLength)
      throw new RangeError(`its key takes ${length} bytes where the state directory takes ${maxKeyLength}`);
  }

  /** Reads the value of a row by `deserialize`, and its timestamp. Throws a MillraceError RESTORE. */
  read(
    bytes: Uint8Array,
    deserialize: (source: Buffer, start: number, end: number) => V,
  ): { readonly value: V; readonly timestamp: number } {
    try {
      return readRowBytes(bytes, deserialize);
    } catch (error) {
      throw new MillraceError(
        `store "${this.#options.store}" can't read a row of its state directory: ${messageOf(error)}; it was written with ` +
          "another serde: delete the directory, and the state is read from the changelog",
        { code: "RESTORE", cause: error },
      );
    }
  }

  seal(): void {
    this.#sealed = this.#open;
    this.#open = this.bytes.batch();
  }

  /** What was sealed is committed; the changelog ends at `position` then. */
  commit(position: number): void {
    const sealed = this.#sealed ?? this.bytes.batch();
    this.#sealed = undefined;
    if (position !== this.bytes.position || sealed.size > 0) this.#write(sealed, position);
    this.#shrink(looksPerCommit);
  }

  /** What was read from the changelog, up to `position`, is committed. */
  restored(position: number): void {
    const read = this.#open;
    this.#open = this.bytes.batch();
    this.#write(read, position);
  }

  revert(): void {
    this.#open = this.bytes.batch();
    this.#sealed = undefined;
  }

  #write(changes: ByteBatch, position: number): void {
    // A failure is told by the task's state, which knows it for all stores; this one goes on in memory.
    this.bytes.write(changes, position).catch(() => undefined);
  }
}
