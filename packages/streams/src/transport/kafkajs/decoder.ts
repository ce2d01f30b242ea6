import { readInt64 } from "../../state/int64.ts";

/** Reads a response: the fields in the order of Kafka's protocol guide. Byte ranges are views, not copies. */
export class Decoder {
  readonly #source: Buffer;
  #at = 0;

  constructor(source: Buffer) {
    this.#source = source;
  }

  /** Where the next field begins. */
  get position(): number {
    return this.#at;
  }

  int8(): number {
    return this.#source.readInt8(this.#move(1));
  }
  int16(): number {
    return this.#source.readInt16BE(this.#move(2));
  }
  int32(): number {
    return this.#source.readInt32BE(this.#move(4));
  }
  int64(): number {
    return readInt64(this.#source, this.#move(8));
  }
  bigInt64(): bigint {
    return this.#source.readBigInt64BE(this.#move(8));
  }
  string(): string | null {
    return this.#text(this.int16());
  }
  /** So many bytes as they are. */
  raw(length: number): Buffer {
    const start = this.#move(length);
    return this.#source.subarray(start, start + length);
  }
  bytes(): Buffer | null {
    const length = this.int32();
    return length < 0 ? null : this.raw(length);
  }
  /** A null array reads as an empty one. */
  array<T>(read: () => T): readonly T[] {
    return this.#list(this.int32(), read);
  }
  unsignedVarint(): number {
    let result = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.#source.readUInt8(this.#move(1));
      result |= (byte & 0x7f) << shift;
      if (byte < 0x80) return result >>> 0;
    }
    throw new RangeError("a varint of a response has no end");
  }
  compactString(): string | null {
    return this.#text(this.unsignedVarint() - 1);
  }
  compactArray<T>(read: () => T): readonly T[] {
    return this.#list(this.unsignedVarint() - 1, read);
  }
  /** Tagged fields, none of which we know (KIP-482). */
  tags(): void {
    for (let count = this.unsignedVarint(); count > 0; count--) {
      this.unsignedVarint();
      const length = this.unsignedVarint();
      this.#move(length);
    }
  }

  #list<T>(length: number, read: () => T): readonly T[] {
    const items: T[] = [];
    for (let n = 0; n < length; n++) items.push(read());
    return items;
  }

  #text(length: number): string | null {
    if (length < 0) return null;
    const start = this.#move(length);
    return this.#source.toString("utf8", start, start + length);
  }

  #move(by: number): number {
    const start = this.#at;
    this.#at = start + by;
    if (this.#at > this.#source.length)
      throw new RangeError(`a response of ${this.#source.length} bytes ends in the middle of a field`);
    return start;
  }
}
