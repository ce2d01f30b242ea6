const firstSlots = 16;
const none = new Float64Array(0);

/**
 * The place of the latest change of each key, found by the key's bytes: a hash table of numbers, which makes no text of a
 * key that is only looked for, and holds none.
 */
export class ChangeIndex {
  readonly #isKeyAt: (place: number, key: Uint8Array) => boolean;
  /** Slots: a place and one, 0 is none, and the hash behind it. Each is as near behind its own as was free. */
  #slots = none;
  #size = 0;

  /** `isKeyAt`: whether that is the key of the change at that place. */
  constructor(isKeyAt: (place: number, key: Uint8Array) => boolean) {
    this.#isKeyAt = isKeyAt;
  }

  get byteLength(): number {
    return this.#slots.byteLength;
  }

  /** `hash`: of the key, as `keyHash` has it. */
  set(key: Uint8Array, hash: number, place: number): void {
    if (this.#size * 4 >= this.#slots.length) this.#grow();
    const slots = this.#slots;
    const at = this.#slotOf(key, hash);
    if (slots[at] === 0) this.#size++;
    slots[at] = place + 1;
    slots[at + 1] = hash;
  }

  /** Undefined where nothing of the key is here. */
  get(key: Uint8Array, hash: number): number | undefined {
    if (this.#size === 0) return undefined;
    const found = this.#slots[this.#slotOf(key, hash)] as number;
    return found === 0 ? undefined : found - 1;
  }

  /** Those of all keys, in no order. */
  places(): readonly number[] {
    const places: number[] = [];
    for (let at = 0; at < this.#slots.length; at += 2) {
      const found = this.#slots[at] as number;
      if (found !== 0) places.push(found - 1);
    }
    return places;
  }

  /** Where the key is, or belongs. */
  #slotOf(key: Uint8Array, hash: number): number {
    const slots = this.#slots;
    const mask = slots.length - 1;
    for (let at = (hash << 1) & mask; ; at = (at + 2) & mask) {
      const found = slots[at] as number;
      if (found === 0 || (slots[at + 1] === hash && this.#isKeyAt(found - 1, key))) return at;
    }
  }

  #grow(): void {
    const slots = this.#slots;
    const grown = new Float64Array(Math.max(2 * firstSlots, 2 * slots.length));
    const mask = grown.length - 1;
    for (let from = 0; from < slots.length; from += 2) {
      if (slots[from] === 0) continue;
      let at = ((slots[from + 1] as number) << 1) & mask;
      while (grown[at] !== 0) at = (at + 2) & mask;
      grown[at] = slots[from] as number;
      grown[at + 1] = slots[from + 1] as number;
    }
    this.#slots = grown;
  }
}
