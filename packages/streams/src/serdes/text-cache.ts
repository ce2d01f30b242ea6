import { mixWord } from "../mix-word.ts";
import { shortTexts } from "./short-texts.ts";

/** Two slots that stand side by side are one place: a text may be in either. */
const slots = 1 << 14;
/** A slot has room for so many words of four bytes. */
const wordsPerSlot = 8;

/** So many of the texts that came last and are not kept are at hand. */
const recentTexts = 4;

/**
 * Short ASCII texts that came more than once, by the hash of their bytes. A text is kept when it comes twice with no other
 * new one of its place between: ids that never come again drive nobody out. Those of one record, whose id is often in its
 * key and in its value, come once. Takes under 1 MB, and the texts.
 */
export class TextCache {
  readonly #texts: (string | undefined)[] = Array.from({ length: slots });
  readonly #lengths = new Uint8Array(slots);
  readonly #words = new Int32Array(slots * wordsPerSlot);
  /** Hash of the last text that came to a place and is not kept. */
  readonly #candidates = new Int32Array(slots / 2);
  /** Of the texts that came last and are not kept: their hashes, and they themselves. */
  readonly #recentHashes = new Int32Array(recentTexts);
  readonly #recent: string[] = Array.from({ length: recentTexts }, () => "");
  #nextRecent = 0;
  /** The buffer that was read last. */
  #bytes: Uint8Array | undefined;
  /** Of that buffer, once more than one text was read from it: a fetched batch is one for all of its records. */
  #view: DataView | undefined;

  /**
   * The text of up to 32 bytes in `[start, end)`; undefined where that is not ASCII, and for the first of a buffer: one that
   * holds no other is not worth a view.
   */
  read(bytes: Uint8Array, start: number, end: number): string | undefined {
    if (bytes !== this.#bytes) {
      this.#bytes = bytes;
      this.#view = undefined;
      return undefined;
    }
    const view = (this.#view ??= new DataView(bytes.buffer, bytes.byteOffset, bytes.length));
    const length = end - start;
    let hash = length;
    let all = 0;
    let at = start;
    for (; at + 4 <= end; at += 4) {
      const word = view.getInt32(at, true);
      all |= word;
      hash = mixWord(hash, word);
    }
    let tail = 0;
    for (; at < end; at++) tail = (tail << 8) | view.getUint8(at);
    all |= tail;
    hash = mixWord(hash, tail);
    if ((all & 0x8080_8080) !== 0) return undefined;
    const slot = hash & (slots - 1);
    if (this.#holds(slot, view, start, end, tail)) return this.#texts[slot];
    if (this.#holds(slot ^ 1, view, start, end, tail)) return this.#texts[slot ^ 1];
    const recent = this.#recentHashes;
    for (let n = 0; n < recentTexts; n++)
      if (recent[n] === hash && isTextOf(this.#recent[n]!, bytes, start, end)) return this.#recent[n];
    const text = shortTexts[length]!(bytes, start);
    if (this.#candidates[slot >>> 1] === hash)
      this.#keep(this.#lengths[slot] === 0 ? slot : slot ^ 1, text, view, start, end, tail);
    else {
      this.#candidates[slot >>> 1] = hash;
      const next = (this.#nextRecent = (this.#nextRecent + 1) % recentTexts);
      recent[next] = hash;
      this.#recent[next] = text;
    }
    return text;
  }

  #holds(slot: number, view: DataView, start: number, end: number, tail: number): boolean {
    if (this.#lengths[slot] !== end - start) return false;
    const words = this.#words;
    let word = slot * wordsPerSlot;
    let at = start;
    for (; at + 4 <= end; at += 4) if (words[word++] !== view.getInt32(at, true)) return false;
    return at === end || words[word] === tail;
  }

  #keep(slot: number, text: string, view: DataView, start: number, end: number, tail: number): void {
    let word = slot * wordsPerSlot;
    let at = start;
    for (; at + 4 <= end; at += 4) this.#words[word++] = view.getInt32(at, true);
    if (at < end) this.#words[word] = tail;
    this.#lengths[slot] = text.length;
    this.#texts[slot] = text;
  }
}

const isTextOf = (text: string, bytes: Uint8Array, start: number, end: number): boolean => {
  if (text.length !== end - start) return false;
  for (let at = start; at < end; at++) if (text.charCodeAt(at - start) !== bytes[at]) return false;
  return true;
};
