import type { ByteChange } from "@millrace/streams";

const deleted = 0xffff_ffff;
const headLength = 10;

/** Changes of the stores of one task as one buffer, which goes to the writer's thread without being copied. */
export class ChangeFrame {
  readonly #parts: { readonly store: number; readonly changes: readonly ByteChange[] }[] = [];
  #length = 0;

  get byteLength(): number {
    return this.#length;
  }

  add(store: number, changes: readonly ByteChange[]): void {
    this.#parts.push({ store, changes });
    for (const { key, value } of changes) this.#length += headLength + key.length + (value?.length ?? 0);
  }

  /** `uint16 store | uint32 key length | uint32 value length (all ones: deleted) | key | value` of each change. */
  encode(): Uint8Array<ArrayBuffer> {
    const frame = new Uint8Array(this.#length);
    const view = new DataView(frame.buffer);
    let at = 0;
    for (const { store, changes } of this.#parts)
      for (const { key, value } of changes) {
        view.setUint16(at, store);
        view.setUint32(at + 2, key.length);
        view.setUint32(at + 6, value === null ? deleted : value.length);
        frame.set(key, at + headLength);
        at += headLength + key.length;
        if (value === null) continue;
        frame.set(value, at);
        at += value.length;
      }
    return frame;
  }
}

/** Reads such a buffer. Key and value are parts of it. */
export const readFrame = (
  frame: Uint8Array,
  visit: (store: number, key: Buffer, value: Buffer | null) => void,
): void => {
  const source = Buffer.from(frame.buffer, frame.byteOffset, frame.length);
  for (let at = 0; at < source.length;) {
    const store = source.readUInt16BE(at);
    const keyEnd = at + headLength + source.readUInt32BE(at + 2);
    const length = source.readUInt32BE(at + 6);
    const valueEnd = length === deleted ? keyEnd : keyEnd + length;
    visit(
      store,
      source.subarray(at + headLength, keyEnd),
      length === deleted ? null : source.subarray(keyEnd, valueEnd),
    );
    at = valueEnd;
  }
};
