import { MillraceError } from "../errors.ts";
import { readInt64 } from "./int64.ts";
import type { RawRow } from "./raw-row.ts";
import { sessionStoreKeyOverhead } from "./session-key.ts";
import type { StoreDefinition } from "./store-definition.ts";
import { windowStoreKeyOverhead } from "./window-key.ts";

/** A record of a changelog: null deletes. */
export interface ChangelogRecord {
  readonly key: Buffer;
  readonly value: Buffer | null;
  /** ms. */
  readonly timestamp: number;
}

const overheads: Readonly<Record<StoreDefinition["kind"], number>> = {
  keyValue: 0,
  versioned: 0,
  window: windowStoreKeyOverhead,
  join: windowStoreKeyOverhead,
  session: sessionStoreKeyOverhead,
};

/**
 * A record of the changelog of such a store, which is laid out as Kafka Streams has it, taken apart. Throws a MillraceError
 * RESTORE where its key is too short for that.
 */
export const changelogRow = (kind: StoreDefinition["kind"], record: ChangelogRecord): RawRow => {
  const { key: whole, value, timestamp } = record;
  const split = whole.length - overheads[kind];
  if (split < 0)
    throw new MillraceError(
      `a key of ${whole.length} bytes is none of a ${kind} store's changelog, which takes at least ${overheads[kind]}`,
      { code: "RESTORE" },
    );
  const key = whole.subarray(0, split);
  const row = { key, start: undefined, end: undefined, sequence: undefined, timestamp, value };
  if (kind === "session") return { ...row, start: readInt64(whole, split + 8), end: readInt64(whole, split) };
  if (kind === "window") return { ...row, start: readInt64(whole, split) };
  if (kind === "join")
    return { ...row, start: readInt64(whole, split), sequence: whole.readInt32BE(split + 8) };
  return row;
};
