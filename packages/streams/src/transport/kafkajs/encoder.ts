import { writeInt64 } from "../../state/int64.ts";

/** Byte ranges from this size on travel as they are; smaller ones are copied between the fields around them. */
const worthItsOwnPart = 2048;

/** Writes a request: the fields in the order of Kafka's protocol guide. Large byte ranges are never copied. */
export class Encoder {
  readonly #parts: Buffer[] = [];
  #partBytes = 0;
  #buffer = Buffer.allocUnsafe(512);
  #start = 0;
  #at = 0;

  /** Bytes written so far. */
  get byteLength(): number {
    return this.#partBytes + this.#at - this.#start;
  }

  writeInt8(value: number): this {
    this.#reserve(1);
    this.#at = this.#buffer.writeInt8(value, this.#at);
    return this;
  }
  writeBoolean(value: boolean): this {
    return this.writeInt8(value ? 1 : 0);
  }
  writeInt16(value: number): this {
    this.#reserve(2);
    this.#at = this.#buffer.writeInt16BE(value, this.#at);
    return this;
  }
  writeInt32(value: number): this {
    this.#reserve(4);
    this.#at = this.#buffer.writeInt32BE(value, this.#at);
    return this;
  }
  writeInt64(value: number | bigint): this {
    this.#reserve(8);
    if (typeof value === "bigint") this.#buffer.writeBigInt64BE(value, this.#at);
    else writeInt64(this.#buffer, this.#at, value);
    this.#at += 8;
    return this;
  }
  writeString(value: string | null): this {
    if (value === null) return this.writeInt16(-1);
    const length = Buffer.byteLength(value);
    if (length > 0x7fff) throw new RangeError(`a string of ${length} bytes: Kafka's protocol takes 32767`);
    return this.writeInt16(length).#writeText(value, length);
  }
  writeBytes(value: Buffer | null): this {
    if (value === null) return this.writeInt32(-1);
    return this.writeInt32(value.length).writeBuffer(value);
  }
  /** The bytes alone, without their length. They must stay as they are until the request is answered. */
  writeBuffer(value: Buffer): this {
    if (value.length < worthItsOwnPart) {
      this.#reserve(value.length);
      this.#at += value.copy(this.#buffer, this.#at);
      return this;
    }
    this.#cut();
    this.#parts.push(value);
    this.#partBytes += value.length;
    return this;
  }
  writeUVarInt(value: number): this {
    this.#reserve(5);
    let rest = value;
    while (rest > 0x7f) {
      this.#buffer[this.#at++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    this.#buffer[this.#at++] = rest;
    return this;
  }
  /** A compact string (flexible versions, KIP-482). */
  writeUVarIntString(value: string | null): this {
    if (value === null) return this.writeUVarInt(0);
    const length = Buffer.byteLength(value);
    return this.writeUVarInt(length + 1).#writeText(value, length);
  }

  /** What was written, in pieces. The encoder is done with. */
  finish(): readonly Buffer[] {
    this.#cut();
    return this.#parts;
  }

  #writeText(value: string, length: number): this {
    this.#reserve(length);
    this.#at += this.#buffer.write(value, this.#at);
    return this;
  }

  #cut(): void {
    if (this.#at === this.#start) return;
    const part = this.#buffer.subarray(this.#start, this.#at);
    this.#parts.push(part);
    this.#partBytes += part.length;
    this.#start = this.#at;
  }

  #reserve(bytes: number): void {
    if (this.#at + bytes <= this.#buffer.length) return;
    const written = this.#at - this.#start;
    const larger = Buffer.allocUnsafe(Math.max(2 * this.#buffer.length, written + bytes));
    this.#buffer.copy(larger, 0, this.#start, this.#at);
    this.#buffer = larger;
    this.#start = 0;
    this.#at = written;
  }
}
