import type { Serde } from "../serde.ts";
import { bytes } from "../serdes/bytes.ts";
import { windowed } from "../serdes/windowed.ts";
import { type KeyValueStoreDefinition, keyValueStore } from "../state/store-definition.ts";
import type { Windowed } from "../windowed.ts";

/**
 * The windows of a store that were closed for want of input, before stream time would have: they take no more
 * records. A row goes when stream time passes its window's end + grace. A processor that names this
 * definition among its stores can ask whether a window was closed so.
 */
export const closedWindows = <K>(
  store: string,
  key: Serde<K>,
  size: number,
): KeyValueStoreDefinition<Windowed<K>, Uint8Array> =>
  keyValueStore(`${store}-closed`, { key: windowed(key, size), value: bytes() });

/** The only value of such a row. */
export const closedMark: Uint8Array = Uint8Array.of(1);
