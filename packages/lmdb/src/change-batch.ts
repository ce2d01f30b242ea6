import type { ByteBatch } from "@millrace/streams";
import { ChangeChunk } from "./change-chunk.ts";
import { ChangeIndex } from "./change-index.ts";
import { keyHash } from "./key-hash.ts";
import { keyText } from "./key-text.ts";

/** A small batch takes little memory, a large one few chunks. */
const firstCapacity = 4 * 1024;
/** Of chunks; only a change that is larger has a larger one, of its own. */
const fullCapacity = 1024 * 1024;

/**
 * The changes of one commit of one store, as they go to the writer's thread; and, while they are on their way to the disk,
 * what reads see. Where its store is read they are found by key from the start; else from the first read on.
 */
export class ChangeBatch implements ByteBatch {
  readonly #chunks: ChangeChunk[] = [];
  /** Where the latest change of each key stands: the number of its chunk, and its place there. */
  readonly #places = new ChangeIndex((place, key) => this.#chunkOf(place).isKeyAt(place % fullCapacity, key));
  readonly #isRead: boolean;
  /** Up to here the changes are in the index. */
  #indexedChunks = 0;
  #indexedLength = 0;
  #ordered: readonly string[] | undefined;
  #full = 0;
  size = 0;

  constructor(isRead: boolean) {
    this.#isRead = isRead;
  }

  get byteLength(): number {
    return this.#full + (this.#chunks.at(-1)?.length ?? 0) + this.#places.byteLength;
  }

  /** What the writer's thread reads. */
  get written(): readonly Uint8Array<SharedArrayBuffer>[] {
    return this.#chunks.map(({ written }) => written);
  }

  put(key: Uint8Array, value: Uint8Array | null): void {
    const size = ChangeChunk.sizeOf(key, value);
    let chunk = this.#chunks.at(-1);
    if (chunk?.holds(size) !== true) {
      this.#full += chunk?.length ?? 0;
      const capacity = chunk === undefined ? firstCapacity : Math.min(fullCapacity, 4 * this.#full);
      this.#chunks.push((chunk = new ChangeChunk(Math.max(size, capacity))));
    }
    const place = chunk.add(key, value);
    this.size++;
    if (this.#isRead) this.#places.set(key, keyHash(key), (this.#chunks.length - 1) * fullCapacity + place);
  }

  /** Undefined where nothing of the key is here, null where it is deleted. `hash`: of the key, as `keyHash` has it. */
  get(key: Uint8Array, hash: number): Uint8Array | null | undefined {
    this.#index();
    const place = this.#places.get(key, hash);
    // Copied: whoever reads it may not expect shared memory.
    return place === undefined ? undefined : this.#chunkOf(place).valueAt(place % fullCapacity);
  }

  /** The keys in order, as `keyText` has them. Nothing may be added any more. */
  get ordered(): readonly string[] {
    this.#index();
    return (this.#ordered ??= this.#places
      .places()
      .map((place) => keyText(this.#chunkOf(place).at(place % fullCapacity).key))
      .toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0)));
  }

  #chunkOf(place: number): ChangeChunk {
    return this.#chunks[Math.floor(place / fullCapacity)] as ChangeChunk;
  }

  #index(): void {
    if (this.#isRead) return;
    for (; this.#indexedChunks < this.#chunks.length; this.#indexedChunks++, this.#indexedLength = 0) {
      const chunk = this.#chunks[this.#indexedChunks] as ChangeChunk;
      const base = this.#indexedChunks * fullCapacity;
      chunk.each(this.#indexedLength, ({ key }, place) => this.#places.set(key, keyHash(key), base + place));
      if (this.#indexedChunks < this.#chunks.length - 1) continue;
      this.#indexedLength = chunk.length;
      return;
    }
  }
}
