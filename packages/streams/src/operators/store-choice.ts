import { TopologyError } from "../errors.ts";
import type { Serde } from "../serde.ts";
import {
  type KeyValueStoreDefinition,
  keyValueStore,
  sessionStore,
  type StoreDefinition,
  type SessionStoreDefinition,
  type VersionedStoreDefinition,
  type WindowStoreDefinition,
  windowStore,
} from "../state/store-definition.ts";

/** The name of a store, or its definition, which processors may then name among theirs. */
export type StoreNameOr<Definition> = string | Definition;

export const nameOfStore = (store: StoreNameOr<{ readonly name: string }>): string =>
  typeof store === "string" ? store : store.name;

type Kind = StoreDefinition["kind"];

/** Throws where a definition is not of a kind in which `what` is kept: the types see it, but not all code is checked. */
const checkKind = (
  { name, kind }: { readonly name: string; readonly kind: Kind },
  what: string,
  ...kinds: readonly Kind[]
): void => {
  if (kinds.includes(kind)) return;
  const windows = (kind === "window" || kind === "session") && kinds[0] === "keyValue";
  throw new TopologyError(
    `the store "${name}" is made with ${kind}Store(), and ${what} can't be kept in it: make it with ` +
      `${kinds.map((one) => `${one}Store()`).join(" or ")}${windows ? ", or put windowedBy() before" : ""}`,
  );
};

/** The store by key that was chosen: a new one for a name. */
export const chosenKeyValueStore = <K, V>(
  store: StoreNameOr<KeyValueStoreDefinition<K, V>>,
  key: Serde<K>,
  value: Serde<V>,
): KeyValueStoreDefinition<K, V> => {
  if (typeof store === "string") return keyValueStore(store, { key, value });
  checkKind(store, "an aggregate without windows", "keyValue");
  checkSerde(store, "value", value);
  return store;
};

/** What a table keeps its rows in: the latest of each key, or all versions. */
export type TableStoreDefinition<K = unknown, V = unknown> =
  | KeyValueStoreDefinition<K, V>
  | VersionedStoreDefinition<K, V>;

/** The store that was chosen for a table: a new one for a name. */
export const chosenTableStore = <K, V>(
  store: StoreNameOr<TableStoreDefinition<K, V>>,
  key: Serde<K>,
  value: Serde<V>,
): TableStoreDefinition<K, V> => {
  if (typeof store === "string") return keyValueStore(store, { key, value });
  checkKind(store, "a table", "keyValue", "versioned");
  // A definition's serdes need not be those of the topic: these may take nulls, which are no rows.
  return store;
};

/** The window store that was chosen: a new one for a name. Lengths in ms. */
export const chosenWindowStore = <K, V>(
  store: StoreNameOr<WindowStoreDefinition<K, V>>,
  key: Serde<K>,
  value: Serde<V>,
  windowSize: number,
  retention: number,
  expiresBy: "written" | "task",
): WindowStoreDefinition<K, V> => {
  if (typeof store === "string")
    return windowStore(store, {
      key,
      value,
      windowSize,
      retention,
      ...(expiresBy === "task" && { expiresBy }),
    });
  checkKind(store, "an aggregate of time or sliding windows", "window");
  checkSerde(store, "value", value);
  if (store.windowSize !== windowSize)
    throw new TopologyError(
      `the store "${store.name}" is defined for windows of ${store.windowSize} ms, and is to keep windows of ` +
        `${windowSize} ms: define it with that windowSize`,
    );
  if (expiresBy === "task" && store.expiresBy !== "task")
    throw new TopologyError(
      `the store "${store.name}" forgets windows by the times that are written to it, and its windows close by the ` +
        'stream time of the task: define it with expiresBy: "task"',
    );
  return store;
};

/** The session store that was chosen: a new one for a name. Retention in ms. */
export const chosenSessionStore = <K, V>(
  store: StoreNameOr<SessionStoreDefinition<K, V>>,
  key: Serde<K>,
  value: Serde<V>,
  retention: number,
): SessionStoreDefinition<K, V> => {
  if (typeof store === "string") return sessionStore(store, { key, value, retention });
  checkKind(store, "an aggregate of sessions", "session");
  checkSerde(store, "value", value);
  return store;
};

const checkSerde = (
  store: { readonly name: string; readonly value: unknown },
  part: "value",
  serde: unknown,
): void => {
  if (store[part] !== serde)
    throw new TopologyError(
      `the store "${store.name}" has a ${part} serde in its definition, and is given another: give the definition's own`,
    );
};
