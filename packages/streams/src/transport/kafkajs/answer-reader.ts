const sizeLength = 4;
const correlationLength = 4;
/** Taken for an answer at first, at most: a size is only a claim until its bytes have come. */
const firstBytes = 8 * 1024 * 1024;

/** A whole answer: what follows its correlation id. */
export interface Answer {
  readonly correlationId: number;
  /** Of the answer, with the id. */
  readonly size: number;
  readonly payload: Buffer;
}

/** Puts answers together from the pieces in which they come: `int32 size | int32 correlation id | payload`. */
export class AnswerReader {
  readonly #whole: (answer: Answer) => void;
  readonly #head = Buffer.alloc(sizeLength);
  #headRead = 0;
  #size = 0;
  /** Of the answer that has begun: as much of it as has come, and room for more. */
  #bytes: Buffer | undefined;
  #read = 0;

  /** `whole` is told of each answer. */
  constructor(whole: (answer: Answer) => void) {
    this.#whole = whole;
  }

  /** Takes what came next, all of it copied. Throws a RangeError for a size that no answer has. */
  take(data: Buffer): void {
    for (let at = 0; at < data.length;) {
      const bytes = this.#bytes;
      if (bytes === undefined) at += this.#begin(data, at);
      else {
        const taken = data.copy(bytes, this.#read, at, at + this.#size - this.#read);
        at += taken;
        this.#read += taken;
        if (this.#read === this.#size) this.#end(bytes);
        else if (this.#read === bytes.length) this.#bytes = grown(bytes, this.#size);
      }
    }
  }

  /** Answers how many bytes of the size came. */
  #begin(data: Buffer, at: number): number {
    const taken = data.copy(this.#head, this.#headRead, at);
    this.#headRead += taken;
    if (this.#headRead < sizeLength) return taken;
    this.#headRead = 0;
    this.#size = this.#head.readInt32BE(0);
    if (this.#size < correlationLength) throw new RangeError(`an answer of ${this.#size} bytes is none`);
    this.#bytes = Buffer.allocUnsafe(Math.min(this.#size, firstBytes));
    this.#read = 0;
    return taken;
  }

  #end(bytes: Buffer): void {
    this.#bytes = undefined;
    this.#whole({
      correlationId: bytes.readInt32BE(0),
      size: this.#size,
      payload: bytes.subarray(correlationLength),
    });
  }
}

const grown = (bytes: Buffer, size: number): Buffer => {
  const larger = Buffer.allocUnsafe(Math.min(size, 2 * bytes.length));
  bytes.copy(larger);
  return larger;
};
