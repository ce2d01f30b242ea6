import type { Serde } from "../serde.ts";
import { bytes } from "../serdes/bytes.ts";
import { windowed } from "../serdes/windowed.ts";
import { readInt64, writeInt64 } from "../state/int64.ts";
import { type KeyValueStoreDefinition, keyValueStore } from "../state/store-definition.ts";
import type { Windowed } from "../windowed.ts";
import type { TimeWindows } from "../windows.ts";

/**
 * The windows of a store that were closed for want of input, before stream time would have: they take no more
 * records. A row goes when stream time passes its window's end + grace. A processor that names this
 * definition among its stores can ask whether a window was closed so.
 */
export const closedWindows = <K>(
  store: string,
  key: Serde<K>,
  windows: number | Pick<TimeWindows, "endOf">,
): KeyValueStoreDefinition<Windowed<K>, Uint8Array> =>
  keyValueStore(`${store}-closed`, { key: windowed(key, windows), value: bytes() });

/** The value of such a row. */
export const closedMark: Uint8Array = Uint8Array.of(1);

/**
 * The value of one more row, that of a window which stream time closed last: how far it closed windows. It is committed
 * with the offsets, too, but goes when those are reset by hand, and the windows' rows do not.
 */
export const closedToMark = (closedTo: number): Uint8Array => {
  const mark = Buffer.alloc(9);
  mark[0] = 2;
  writeInt64(mark, 1, closedTo);
  return mark;
};

/** Undefined for any other row. */
export const readClosedTo = (mark: Uint8Array): number | undefined =>
  mark[0] === 2 ? readInt64(Buffer.from(mark), 1) : undefined;
