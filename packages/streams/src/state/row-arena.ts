/** A chunk is at most so large, unless one entry is larger; the first are smaller. */
const chunkBytes = 1 << 20;
const firstChunkBytes = 1 << 12;
/** Entries stand at multiples of this. */
const grain = 8;
/** A place: the chunk, and where the entry stands in it, in grains. */
const grainBits = 17;
const grainMask = (1 << grainBits) - 1;
const maxChunks = 1 << (32 - grainBits);

/** Memory for entries of bytes outside of V8's heap, found by their places: int32, and never 0. */
export class RowArena {
  readonly #chunks: Buffer[] = [];
  readonly #views: DataView[] = [];
  /** The first place is 0, which stands for none. */
  #at = grain;
  /** Places of entries that are of no use any more, by their size. */
  readonly #free = new Map<number, number[]>();

  /** What an entry that is to hold so many bytes takes. */
  sizeFor(bytes: number): number {
    const step = bytes < 512 ? 16 : 1 << (28 - Math.clz32(bytes));
    return Math.ceil(bytes / step) * step;
  }

  /** Room for an entry of a size that `sizeFor` has answered. */
  allocate(size: number): number {
    const free = this.#free.get(size)?.pop();
    if (free !== undefined) return free;
    let chunk = this.#chunks.at(-1);
    if (chunk === undefined || this.#at + size > chunk.length) {
      if (this.#chunks.length === maxChunks) throw new RangeError("there is no room for more rows as bytes");
      const grown = Math.min(chunkBytes, firstChunkBytes << Math.min(8, this.#chunks.length));
      chunk = Buffer.allocUnsafeSlow(Math.max(grown, size + grain));
      this.#chunks.push(chunk);
      this.#views.push(new DataView(chunk.buffer, chunk.byteOffset, chunk.length));
      this.#at = grain;
    }
    const place = ((this.#chunks.length - 1) << grainBits) | (this.#at / grain);
    this.#at += size;
    return place;
  }

  /** The entry at a place is of no use any more; nobody may hold a view of it. */
  release(place: number, size: number): void {
    const free = this.#free.get(size);
    if (free === undefined) this.#free.set(size, [place]);
    else free.push(place);
  }

  chunk(place: number): Buffer {
    return this.#chunks[place >>> grainBits] as Buffer;
  }

  view(place: number): DataView {
    return this.#views[place >>> grainBits] as DataView;
  }

  /** Where in its chunk an entry begins. */
  at(place: number): number {
    return (place & grainMask) * grain;
  }
}
