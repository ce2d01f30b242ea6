import type { Serializer } from "../serde.ts";

const size = 4096;

/**
 * Memory for the bytes of one key or value, which the next one overwrites: for what is copied at once, as into a batch.
 * There is one view for each length, made once: a view costs more than the bytes of a short key.
 */
export class Scratch {
  readonly #memory = Buffer.allocUnsafeSlow(size);
  readonly #views: (Buffer | undefined)[] = Array.from({ length: size + 1 });

  /** The bytes of a value; of use until this is called again. Throws what the serde throws. */
  serialize<T>(serde: Serializer<T>, value: T): Uint8Array | null {
    const { into } = serde.serialize;
    if (into === undefined) return serde.serialize(value);
    const end = into(value, this.#memory, 0);
    if (end < 0) return null;
    return end <= size ? this.#view(end) : serde.serialize(value);
  }

  /** The same with `more` bytes behind it, which are to be filled in; null also where it is too long, or has no such way. */
  withRoom<T>(serde: Serializer<T>, value: T, more: number): Buffer | null {
    const end = serde.serialize.into?.(value, this.#memory, 0) ?? -1;
    return end < 0 || end + more > size ? null : this.#view(end + more);
  }

  #view(length: number): Buffer {
    return (this.#views[length] ??= this.#memory.subarray(0, length));
  }
}

/** Of the process: nothing is written between two uses but what the first was for. */
export const keyScratch: Scratch = new Scratch();
export const valueScratch: Scratch = new Scratch();
