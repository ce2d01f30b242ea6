import { copyBytes } from "./copy-bytes.ts";
import { hashOf } from "./hash-of.ts";
import { ReadChanges } from "./read-changes.ts";
import { RowArena } from "./row-arena.ts";
import type { ChangelogRecords } from "./state-store.ts";

const noSource = Buffer.alloc(0);
const firstSlots = 16;
/** So many slots are looked at for a row that nobody has asked for. */
const slotsPerSweep = 16;
/** Of an entry, what is looked at ahead beside its begin: two lines of a processor's cache further, which brings the one between. */
const seenBytes = 128;

/** An entry: its size, the lengths of key and value, all int32; then timestamp and offset, both float64; key; value. */
const keyLengthAt = 4;
const valueLengthAt = 8;
const timestampAt = 16;
const offsetAt = 24;
const keyAt = 32;

/** A row as bytes of `source`, which don't change any more: views of them may be kept. */
export interface SerializedRow {
  readonly source: Buffer;
  readonly keyStart: number;
  /** End of the key, and start of the value. */
  readonly keyEnd: number;
  readonly valueEnd: number;
  /** ms. */
  readonly timestamp: number;
  /** Of the changelog's record that it was in. */
  readonly offset: number;
}

/**
 * Rows of a changelog that nobody has asked for yet, by the bytes of their keys: a hash table outside of V8's heap. A restore
 * of a million rows makes no objects for them, and the garbage collector has nothing to look through.
 */
export class SerializedRows {
  #arena = new RowArena();
  /**
   * Slots: a place in the arena, 0 is none, and the hash behind it, so that one look at memory finds both. A row is as near
   * behind its own slot as was free.
   */
  #slots = new Int32Array(2 * firstSlots);
  #size = 0;
  /** The most rows that there were. */
  #peak = 0;
  #sweptTo = 0;
  /** Of `#read`. */
  #source: Buffer = noSource;
  #view: DataView = new DataView(noSource.buffer);
  readonly #read = new ReadChanges();

  get size(): number {
    this.#settle();
    return this.#size;
  }

  /** Adds the row at which `records` stands, or sets it; a deletion forgets it. `keyEnd`: where the part that is its key ends. */
  put(records: Omit<ChangelogRecords, "advance">, keyEnd: number = records.keyEnd): void {
    const { buffer, keyStart } = records;
    if (buffer !== this.#source || this.#read.isFull) this.#readFrom(buffer);
    this.#read.add(hashOf(this.#view, keyStart, keyEnd), records, keyEnd);
  }

  /** A fetched batch is one buffer for all of its records. */
  #readFrom(source: Buffer): void {
    this.#settle();
    if (source === this.#source) return;
    this.#source = source;
    this.#view = new DataView(source.buffer, source.byteOffset, source.length);
  }

  /** A restore has ended, for now: the batch that was read last is held no longer. */
  rest(): void {
    this.#readFrom(noSource);
  }

  /**
   * Applies what was read, in its order. Where each may belong is looked at before, for all of them: what is not in the
   * processor's cache is waited for side by side then, not once or twice for each row.
   */
  #settle(): void {
    const read = this.#read;
    const { size } = read;
    if (size === 0) return;
    while ((this.#size + size) * 4 > this.#slots.length) this.#grow();
    this.#lookAhead(size);
    for (let at = 0; at < size; at++)
      if (read.valueStart(at) < 0) this.#delete(at);
      else this.#put(at);
    read.clear();
  }

  #lookAhead(size: number): void {
    const read = this.#read;
    const { places } = read;
    const slots = this.#slots;
    const mask = (slots.length >>> 1) - 1;
    for (let at = 0; at < size; at++) places[at] = slots[2 * (read.hash(at) & mask)] as number;
    const arena = this.#arena;
    for (let at = 0; at < size; at++) {
      const place = places[at] as number;
      if (place === 0) continue;
      const chunk = arena.view(place);
      const entry = arena.at(place);
      const inValue = Math.min(entry + seenBytes, chunk.byteLength - 4);
      // Written down, as the compiler would leave out a look that nothing comes of.
      places[at] = chunk.getInt32(entry, true) ^ chunk.getInt32(inValue, true);
    }
  }

  #put(at: number): void {
    const read = this.#read;
    const hash = read.hash(at);
    const keyStart = read.keyStart(at);
    const keyEnd = read.keyEnd(at);
    const valueStart = read.valueStart(at);
    const valueEnd = read.valueEnd(at);
    const view = this.#view;
    const source = this.#source;
    const slot = this.#slotOf(hash, view, keyStart, keyEnd);
    const keyLength = keyEnd - keyStart;
    const valueLength = valueEnd - valueStart;
    const arena = this.#arena;
    let place = this.#slots[2 * slot] as number;
    const size = place === 0 ? 0 : arena.view(place).getInt32(arena.at(place), true);
    const needed = keyAt + keyLength + valueLength;
    if (needed > size) {
      // One that has grown once will do so again: what it leaves behind is bounded by what it takes.
      const larger = arena.sizeFor(Math.max(needed, size * 1.5));
      if (place !== 0) arena.release(place, size);
      const isNew = place === 0;
      place = arena.allocate(larger);
      const chunk = arena.view(place);
      const entry = arena.at(place);
      chunk.setInt32(entry, larger, true);
      chunk.setInt32(entry + keyLengthAt, keyLength, true);
      copyBytes(view, source, keyStart, keyEnd, chunk, arena.chunk(place), entry + keyAt);
      this.#slots[2 * slot] = place;
      this.#slots[2 * slot + 1] = hash;
      if (isNew) this.#peak = Math.max(this.#peak, ++this.#size);
    }
    const chunk = arena.view(place);
    const entry = arena.at(place);
    chunk.setInt32(entry + valueLengthAt, valueLength, true);
    chunk.setFloat64(entry + timestampAt, read.timestamp(at), true);
    chunk.setFloat64(entry + offsetAt, read.offset(at), true);
    copyBytes(view, source, valueStart, valueEnd, chunk, arena.chunk(place), entry + keyAt + keyLength);
  }

  #delete(at: number): void {
    const read = this.#read;
    const slot = this.#slotOf(read.hash(at), this.#view, read.keyStart(at), read.keyEnd(at));
    const place = this.#slots[2 * slot] as number;
    if (place === 0) return;
    this.#arena.release(place, this.#arena.view(place).getInt32(this.#arena.at(place), true));
    this.#empty(slot);
  }

  /** The row of a key, `made` by the caller, leaves the table; it stays where that throws. Undefined where there is none. */
  take<R>(key: Uint8Array, made: (row: SerializedRow) => R): R | undefined {
    this.#settle();
    const view = new DataView(key.buffer, key.byteOffset, key.length);
    const slot = this.#slotOf(hashOf(view, 0, key.length), view, 0, key.length);
    const place = this.#slots[2 * slot] as number;
    if (place === 0) return undefined;
    const row = made(this.#row(place));
    // Its place is not used again: what was made may be a view of it.
    this.#empty(slot);
    return row;
  }

  /**
   * Once fewer than half are left, one of them leaves, as with `take`: what the others took is given back when all have left.
   * Undefined where there is none to be found at once.
   */
  sweep<R>(made: (row: SerializedRow) => R): R | undefined {
    this.#settle();
    return this.#size * 2 >= this.#peak ? undefined : this.#takeNext(slotsPerSweep, made);
  }

  /** One of them leaves, as with `take`; undefined where there is none. */
  takeAny<R>(made: (row: SerializedRow) => R): R | undefined {
    this.#settle();
    return this.#size === 0 ? undefined : this.#takeNext(Number.POSITIVE_INFINITY, made);
  }

  /** The next of them, if it is among so many slots. */
  #takeNext<R>(mostLooks: number, made: (row: SerializedRow) => R): R | undefined {
    for (let looks = 0; looks < mostLooks; looks++) {
      const slot = this.#sweptTo;
      const place = this.#slots[2 * slot] as number;
      if (place !== 0) {
        const row = made(this.#row(place));
        this.#empty(slot);
        return row;
      }
      this.#sweptTo = (slot + 1) % (this.#slots.length >>> 1);
    }
    return undefined;
  }

  /** All of them, in no order. */
  *[Symbol.iterator](): Generator<SerializedRow, void> {
    this.#settle();
    const slots = this.#slots;
    for (let at = 0; at < slots.length; at += 2) {
      const place = slots[at] as number;
      if (place !== 0) yield this.#row(place);
    }
  }

  #row(place: number): SerializedRow {
    const view = this.#arena.view(place);
    const at = this.#arena.at(place);
    const keyStart = at + keyAt;
    const keyEnd = keyStart + view.getInt32(at + keyLengthAt, true);
    return {
      source: this.#arena.chunk(place),
      keyStart,
      keyEnd,
      valueEnd: keyEnd + view.getInt32(at + valueLengthAt, true),
      timestamp: view.getFloat64(at + timestampAt, true),
      offset: view.getFloat64(at + offsetAt, true),
    };
  }

  /** Where the key is, or belongs. */
  #slotOf(hash: number, view: DataView, start: number, end: number): number {
    const slots = this.#slots;
    const mask = (slots.length >>> 1) - 1;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const place = slots[2 * slot] as number;
      if (place === 0) return slot;
      if (slots[2 * slot + 1] === hash && this.#isKeyOf(place, view, start, end)) return slot;
    }
  }

  #isKeyOf(place: number, view: DataView, start: number, end: number): boolean {
    const chunk = this.#arena.view(place);
    const entry = this.#arena.at(place);
    if (chunk.getInt32(entry + keyLengthAt, true) !== end - start) return false;
    let other = entry + keyAt;
    let at = start;
    for (; at + 4 <= end; at += 4, other += 4)
      if (view.getInt32(at, true) !== chunk.getInt32(other, true)) return false;
    for (; at < end; at++, other++) if (view.getUint8(at) !== chunk.getUint8(other)) return false;
    return true;
  }

  /** Those behind it that are not in their own slots move up: a search ends at the first slot that is empty. */
  #empty(slot: number): void {
    const slots = this.#slots;
    const mask = (slots.length >>> 1) - 1;
    let hole = slot;
    for (let next = (hole + 1) & mask; slots[2 * next] !== 0; next = (next + 1) & mask) {
      const home = (slots[2 * next + 1] as number) & mask;
      if (((next - home) & mask) < ((next - hole) & mask)) continue;
      slots[2 * hole] = slots[2 * next] as number;
      slots[2 * hole + 1] = slots[2 * next + 1] as number;
      hole = next;
    }
    slots[2 * hole] = 0;
    this.#size--;
  }

  #grow(): void {
    const slots = this.#slots;
    const grown = new Int32Array(2 * slots.length);
    const mask = slots.length - 1;
    for (let at = 0; at < slots.length; at += 2) {
      const place = slots[at] as number;
      if (place === 0) continue;
      const hash = slots[at + 1] as number;
      let slot = hash & mask;
      while (grown[2 * slot] !== 0) slot = (slot + 1) & mask;
      grown[2 * slot] = place;
      grown[2 * slot + 1] = hash;
    }
    this.#slots = grown;
  }
}
