/** What a row costs in memory beside its bytes, about. */
const rowOverhead = 100;
/** The same of what a row was before, beside its bytes. */
const savedOverhead = 80;
/** Bytes of a row, about, before one was seen. */
const firstGuess = 50;

/** Estimates what rows take in memory, bytes, by those that were written or read as bytes. */
export class RowSizes {
  #bytes = 0;
  #rows = 0;

  /** A row of so many bytes was written or read; answers what it takes. */
  count(bytes: number): number {
    this.#rows++;
    this.#bytes += bytes;
    return rowOverhead + bytes;
  }

  get #mean(): number {
    return this.#rows === 0 ? firstGuess : this.#bytes / this.#rows;
  }

  /** Of a row. */
  get row(): number {
    return rowOverhead + this.#mean;
  }

  /** Of a row that has changed, with what it was. */
  get changed(): number {
    return this.row + this.saved(true);
  }

  /** Of what a row was, which may be nothing. */
  saved(was: boolean): number {
    return savedOverhead + (was ? this.#mean : 0);
  }
}
