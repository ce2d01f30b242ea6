import { AvroError } from "../avro-error.ts";

/** How many items that take no bytes (nulls, empty records) one value may have: nothing else bounds them. */
const maxEmptyItems = 65_536;
/** How deeply recursive records may be nested. */
const maxDepth = 1_000;

/**
 * Where the reading of one value stands, and how it ends where it can't go on. One per compiled reader: reading is
 * synchronous. Every method that is `never` throws an AvroError.
 */
export class Cursor {
  /** Of what is read, for messages. */
  readonly name: string;
  /** Set by whatever reads beyond the byte that generated code has looked at. */
  position = 0;
  #start = 0;
  #end = 0;
  #depth = 0;
  #emptyItems = 0;

  constructor(name: string) {
    this.name = name;
  }

  begin(start: number, end: number): void {
    this.#start = start;
    this.#end = end;
    this.#depth = 0;
    this.#emptyItems = 0;
  }

  enter(): void {
    if (++this.#depth > maxDepth) this.#malformed(`nested more than ${maxDepth} levels deep`);
  }

  leave(): void {
    this.#depth--;
  }

  /** Items without bytes, before they are made. */
  emptyItems(count: number): void {
    this.#emptyItems += count;
    if (this.#emptyItems > maxEmptyItems)
      this.#malformed(`more than ${maxEmptyItems} items that take no bytes`);
  }

  truncated(): never {
    throw new AvroError(
      "TRUNCATED",
      `${this.name} is cut off: ${this.#end - this.#start} bytes of Avro are too few`,
    );
  }

  /** The value ended at `position`, and not at the end. */
  left(position: number): never {
    throw new AvroError(
      "TRAILING_BYTES",
      `${this.#end - position} more bytes follow the ${position - this.#start} of ${this.name}`,
    );
  }

  badLength(length: number): never {
    return length < 0 ? this.#malformed(`a length of ${length}`) : this.truncated();
  }

  badBoolean(byte: number): never {
    return this.#malformed(`a boolean of ${byte}`);
  }

  /** Its text would take time that grows faster than its bytes. */
  badDecimal(bytes: number, precision: number): never {
    return this.#malformed(`a decimal of ${bytes} bytes for ${precision} digits`);
  }

  badInt(): never {
    return this.#malformed("what is no 32-bit int");
  }

  badLong(): never {
    return this.#malformed("what is no 64-bit long");
  }

  unsafeLong(value: bigint): never {
    throw new AvroError(
      "UNSAFE_LONG",
      `${this.name} has the long ${value}, and numbers lose precision beyond ±(2^53 - 1): read it with longs: "bigint"`,
    );
  }

  noBranch(index: number, branches: number, path: string): never {
    return this.#malformed(`branch ${index} of ${branches} in ${path}`);
  }

  noSymbol(index: number, symbols: readonly string[], path: string): never {
    const symbol = symbols[index];
    if (symbol === undefined) return this.#malformed(`symbol ${index} of ${symbols.length} in ${path}`);
    return this.mismatch(
      `found "${symbol}", which is no symbol of the reader's, and it has no default`,
      path,
    );
  }

  /** What was written here has no place in the reader's schema. */
  mismatch(message: string, path: string): never {
    throw new AvroError(
      "INCOMPATIBLE_SCHEMA",
      `a value that can't be read as ${this.name}: ${message}, in ${path}`,
    );
  }

  #malformed(what: string): never {
    throw new AvroError(
      "MALFORMED",
      `${this.#end - this.#start} bytes that are no ${this.name} in Avro: ${what}`,
    );
  }
}
