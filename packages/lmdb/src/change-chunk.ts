/** Of a change that deletes, in the place of its value's length. */
const deleted = 0xffff_ffff;
const headLength = 8;

/** Where a change stands: its key and its value are parts of `source`; `valueEnd` is where the next one begins. */
interface Change {
  readonly key: Buffer;
  /** Null where it deletes. */
  readonly value: Buffer | null;
}

/**
 * Changes in memory that both threads read, so that nothing is copied between them: `uint32 key length | uint32 value
 * length (all ones: deleted) | key | value` of each, one behind the other.
 */
export class ChangeChunk {
  readonly #bytes: Buffer;
  #length = 0;

  constructor(capacity: number) {
    this.#bytes = Buffer.from(new SharedArrayBuffer(capacity));
  }

  /** Bytes that a change takes. */
  static sizeOf(key: Uint8Array, value: Uint8Array | null): number {
    return headLength + key.length + (value?.length ?? 0);
  }

  get length(): number {
    return this.#length;
  }

  /** What the other thread reads. */
  get written(): Uint8Array<SharedArrayBuffer> {
    return new Uint8Array(this.#bytes.buffer as unknown as SharedArrayBuffer, 0, this.#length);
  }

  /** Whether there is room for so many bytes more. */
  holds(size: number): boolean {
    return this.#length + size <= this.#bytes.length;
  }

  /** Answers where the change stands. */
  add(key: Uint8Array, value: Uint8Array | null): number {
    const bytes = this.#bytes;
    const start = this.#length;
    bytes.writeUInt32LE(key.length, start);
    bytes.writeUInt32LE(value === null ? deleted : value.length, start + 4);
    const valueAt = start + headLength + key.length;
    bytes.set(key, start + headLength);
    if (value !== null) bytes.set(value, valueAt);
    this.#length = valueAt + (value?.length ?? 0);
    return start;
  }

  /** The change that stands there. Its parts are shared, and never change. */
  at(start: number): Change {
    return changeAt(this.#bytes, start);
  }

  /** Whether that is the key of the change that stands there. */
  isKeyAt(start: number, key: Uint8Array): boolean {
    const bytes = this.#bytes;
    if (bytes.readUInt32LE(start) !== key.length) return false;
    const keyAt = start + headLength;
    for (let at = 0; at < key.length; at++) if (bytes[keyAt + at] !== key[at]) return false;
    return true;
  }

  /** A copy of the value of the change that stands there, in memory of its own: null where it deletes. */
  valueAt(start: number): Buffer | null {
    const bytes = this.#bytes;
    const length = bytes.readUInt32LE(start + 4);
    if (length === deleted) return null;
    const from = start + headLength + bytes.readUInt32LE(start);
    const value = Buffer.allocUnsafe(length);
    bytes.copy(value, 0, from, from + length);
    return value;
  }

  /** Goes through the changes from `from` on; `place` is where each stands. */
  each(from: number, visit: (change: Change, place: number) => void): void {
    eachChange(this.#bytes.subarray(0, this.#length), visit, from);
  }
}

const changeAt = (source: Buffer, start: number): Change => {
  const keyAt = start + headLength;
  const keyEnd = keyAt + source.readUInt32LE(start);
  const length = source.readUInt32LE(start + 4);
  return {
    key: source.subarray(keyAt, keyEnd),
    value: length === deleted ? null : source.subarray(keyEnd, keyEnd + length),
  };
};

/** Goes through what a chunk has `written`, in the other thread. */
export const eachChange = (
  written: Uint8Array,
  visit: (change: Change, place: number) => void,
  from = 0,
): void => {
  const source = Buffer.from(written.buffer, written.byteOffset, written.length);
  for (let at = from; at < source.length;) {
    const change = changeAt(source, at);
    visit(change, at);
    at += ChangeChunk.sizeOf(change.key, change.value);
  }
};
