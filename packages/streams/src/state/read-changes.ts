import type { ChangelogRecords } from "./state-store.ts";

/** So many are looked up side by side. */
const room = 256;

/** Changes that were read of a changelog and are not applied yet, in their order: ranges of the buffer that they were read from. */
export class ReadChanges {
  /** Of each, where its row may be. Scratch: for who looks ahead. */
  readonly places: Int32Array = new Int32Array(room);
  /** Of each: hash of the key, start and end of the key, start and end of the value. */
  readonly #words = new Int32Array(5 * room);
  /** Of each: timestamp and offset. */
  readonly #numbers = new Float64Array(2 * room);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get isFull(): boolean {
    return this.#size === room;
  }

  /** The change at which `records` stands, with the hash of its key, which ends at `keyEnd`. */
  add(hash: number, records: Omit<ChangelogRecords, "advance">, keyEnd: number): void {
    const at = this.#size++;
    const words = this.#words;
    words[5 * at] = hash;
    words[5 * at + 1] = records.keyStart;
    words[5 * at + 2] = keyEnd;
    words[5 * at + 3] = records.valueStart;
    words[5 * at + 4] = records.valueEnd;
    this.#numbers[2 * at] = records.timestamp;
    this.#numbers[2 * at + 1] = records.offset;
  }

  clear(): void {
    this.#size = 0;
  }

  hash(at: number): number {
    return this.#words[5 * at] as number;
  }

  keyStart(at: number): number {
    return this.#words[5 * at + 1] as number;
  }

  keyEnd(at: number): number {
    return this.#words[5 * at + 2] as number;
  }

  /** Negative: the row is deleted. */
  valueStart(at: number): number {
    return this.#words[5 * at + 3] as number;
  }

  valueEnd(at: number): number {
    return this.#words[5 * at + 4] as number;
  }

  timestamp(at: number): number {
    return this.#numbers[2 * at] as number;
  }

  offset(at: number): number {
    return this.#numbers[2 * at + 1] as number;
  }
}
