import { MillraceError, messageOf } from "../errors.ts";
import type { Serde } from "../serde.ts";
import { CachedRow } from "./cached-row.ts";
import { canonicalKeys } from "./canonical-keys.ts";
import type { SerializedRow } from "./serialized-rows.ts";
import type { ChangelogRecords } from "./state-store.ts";

/** What a store that is cached keeps of its definition. */
export interface NamedSerdes<K, V> {
  readonly name: string;
  readonly key: Serde<K>;
  readonly value: Serde<V>;
}

/** Reads rows of a store's changelog with its serdes, or says which may stay bytes until somebody asks for them. */
export class ChangelogReading<K, V> {
  readonly #serdes: NamedSerdes<K, V>;
  /** Undefined where a row can't be found by the bytes of its key. */
  readonly #isCanonical: ReturnType<typeof canonicalKeys>;
  /** The next record is read whole: what was written with another serde is seen at once. */
  #isSample = true;

  constructor(serdes: NamedSerdes<K, V>) {
    this.#serdes = serdes;
    // A value that has to be prepared for is read while that holds.
    this.#isCanonical = serdes.value.prepare === undefined ? canonicalKeys(serdes.key) : undefined;
  }

  /** A chunk of the changelog begins. */
  begin(): void {
    this.#isSample = true;
  }

  /**
   * Whether a row need not be read now, by its key, which ends at `keyEnd`. The first of each chunk is read all the same, for
   * what it throws.
   */
  canStaySerialized(
    { buffer, keyStart, keyEnd: end, valueStart, valueEnd }: ChangelogRecords,
    keyEnd: number = end,
  ): boolean {
    if (this.#isCanonical === undefined) return false;
    if (this.#isSample) {
      this.#isSample = false;
      this.#serdes.key.deserialize(buffer, keyStart, keyEnd);
      if (valueStart >= 0) this.#serdes.value.deserialize(buffer, valueStart, valueEnd);
    }
    return this.#isCanonical(buffer, keyStart, keyEnd);
  }

  /** Reads a row that stayed bytes. Throws a MillraceError RESTORE. */
  row(
    { source, keyStart, keyEnd, valueEnd, timestamp, offset }: SerializedRow,
    windowStart = 0,
  ): CachedRow<K, V> {
    try {
      const key = this.#serdes.key.deserialize(source, keyStart, keyEnd);
      const value = this.#serdes.value.deserialize(source, keyEnd, valueEnd);
      return new CachedRow<K, V>(key, windowStart, 0, value, timestamp);
    } catch (error) {
      throw this.unreadable(offset, error);
    }
  }

  unreadable(offset: number, error: unknown): MillraceError {
    return new MillraceError(
      `store "${this.#serdes.name}" can't read its changelog at offset ${offset}: ${messageOf(error)}; it was ` +
        "written with other serdes: give the store another name, or reset the application",
      { code: "RESTORE", cause: error },
    );
  }
}
