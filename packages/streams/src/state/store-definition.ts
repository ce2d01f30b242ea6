import { TopologyError } from "../errors.ts";
import type { Serde } from "../serde.ts";
import { checkLengthOrEndless } from "../check-length.ts";
import type { JoinStore } from "./join-store.ts";
import type { KeyValueStore } from "./key-value-store.ts";
import type { SessionStore } from "./session-store.ts";
import type { StateStore } from "./state-store.ts";
import type { StoreHooks } from "./store-hooks.ts";
import type { VersionedStore } from "./versioned-store.ts";
import type { WindowStore } from "./window-store.ts";

/**
 * Makes a store of one's own for one task. It must pass `storeContract` of `@millrace/streams/testing`, and write what
 * changes to `hooks.write`.
 */
export type StoreFactory<D, S> = (definition: D, hooks: StoreHooks) => S & StateStore;

interface StoreBasics<K, V> {
  /** Names the changelog topic, `<application id>-<name>-changelog`. Renaming loses the state. */
  readonly name: string;
  readonly key: Serde<K>;
  readonly value: Serde<V>;
  /** Written to a changelog topic and restored from it; true unless said otherwise. */
  readonly changelog: boolean;
  /**
   * The topic that serves as its changelog instead of one of its own: the source topic of a table, where each record is
   * the row that it makes. Nothing is written to it.
   */
  readonly changelogTopic?: string;
  /**
   * Settings of its changelog topic beside those that it must have, when it is made (`Materialized.withLoggingEnabled`),
   * e.g. `{ "segment.bytes": "1048576" }`.
   */
  readonly changelogConfigs?: Readonly<Record<string, string>>;
}

/** A store by key (Kafka Streams' `Stores.keyValueStoreBuilder`). */
export interface KeyValueStoreDefinition<K = unknown, V = unknown> extends StoreBasics<K, V> {
  readonly kind: "keyValue";
  /** Makes the store of one task, in place of the built-in one (Kafka Streams' `StoreSupplier`). */
  readonly open?: StoreFactory<KeyValueStoreDefinition<K, V>, KeyValueStore<K, V>>;
}

/** A store by key and window start (Kafka Streams' `Stores.windowStoreBuilder`). */
export interface WindowStoreDefinition<K = unknown, V = unknown> extends StoreBasics<K, V> {
  readonly kind: "window";
  /** Length of a window, ms. */
  readonly windowSize: number;
  /** How long a window is kept after its start, in stream time of the store, ms; at least size + grace. */
  readonly retention: number;
  /**
   * Whose stream time retention is counted from: that of what is written (as in Kafka Streams; the default), or that of the
   * task, where timestamps may be ahead of it: these would expire windows that are still open.
   */
  readonly expiresBy?: "written" | "task";
  /** Makes the store of one task, in place of the built-in one (Kafka Streams' `StoreSupplier`). */
  readonly open?: StoreFactory<WindowStoreDefinition<K, V>, WindowStore<K, V>>;
}

/** A store by key and session (Kafka Streams' `Stores.sessionStoreBuilder`). */
export interface SessionStoreDefinition<K = unknown, V = unknown> extends StoreBasics<K, V> {
  readonly kind: "session";
  /** How long a session is kept after its end, in stream time of the store, ms; at least gap + grace. */
  readonly retention: number;
  /** Makes the store of one task, in place of the built-in one (Kafka Streams' `StoreSupplier`). */
  readonly open?: StoreFactory<SessionStoreDefinition<K, V>, SessionStore<K, V>>;
}

/** The records of one side of a stream-stream join (a window store with `retainDuplicates`). */
export interface JoinStoreDefinition<K = unknown, V = unknown> extends StoreBasics<K, V> {
  readonly kind: "join";
  /** How long a record is kept after its time, in stream time of the store, ms; at least before + after + grace. */
  readonly retention: number;
  /** Makes the store of one task, in place of the built-in one (Kafka Streams' `StoreSupplier`). */
  readonly open?: StoreFactory<JoinStoreDefinition<K, V>, JoinStore<K, V>>;
}

/** A store of all versions of each key's value (Kafka Streams' `Stores.versionedKeyValueStoreBuilder`, KIP-889). */
export interface VersionedStoreDefinition<K = unknown, V = unknown> extends StoreBasics<K, V> {
  readonly kind: "versioned";
  /** How far back, in stream time of the store, versions can be read and put, ms. */
  readonly historyRetention: number;
  /** Makes the store of one task, in place of the built-in one (Kafka Streams' `StoreSupplier`). */
  readonly open?: StoreFactory<VersionedStoreDefinition<K, V>, VersionedStore<K, V>>;
}

/** A store of any kind, its types forgotten. */
export type StoreDefinition =
  | KeyValueStoreDefinition
  | WindowStoreDefinition
  | SessionStoreDefinition
  | JoinStoreDefinition
  | VersionedStoreDefinition;

/** What a definition of any types looks like: a constraint, not to be read through. */
export type SomeStoreDefinition =
  | Pick<KeyValueStoreDefinition, "kind" | "name" | "changelog">
  | Pick<WindowStoreDefinition, "kind" | "name" | "changelog" | "windowSize" | "retention">
  | Pick<SessionStoreDefinition, "kind" | "name" | "changelog" | "retention">
  | Pick<JoinStoreDefinition, "kind" | "name" | "changelog" | "retention">
  | Pick<VersionedStoreDefinition, "kind" | "name" | "changelog" | "historyRetention">;

/** Forgets the types, where the topology has checked them already. */
export const erasedStore = (definition: SomeStoreDefinition): StoreDefinition =>
  definition as StoreDefinition;

export interface StoreOptions<K, V, D = unknown, S = unknown> {
  readonly key: Serde<K>;
  readonly value: Serde<V>;
  /** False: lost with the process, no changelog topic. */
  readonly changelog?: boolean;
  /** A topic that serves as its changelog, see the definition. */
  readonly changelogTopic?: string;
  /** Settings of its changelog topic, see the definition. */
  readonly changelogConfigs?: Readonly<Record<string, string>>;
  /** A store of one's own, in place of the built-in one. */
  readonly open?: StoreFactory<D, S>;
}

/** Defines a store for a processor. Two processors that name the same definition share the store of their task. */
export const keyValueStore = <K, V>(
  name: string,
  options: StoreOptions<K, V, KeyValueStoreDefinition<K, V>, KeyValueStore<K, V>>,
): KeyValueStoreDefinition<K, V> => ({ changelog: true, ...options, kind: "keyValue", name });

/** Defines a window store for a processor; `windowSize` and `retention` in ms. */
export const windowStore = <K, V>(
  name: string,
  options: StoreOptions<K, V, WindowStoreDefinition<K, V>, WindowStore<K, V>> & {
    readonly windowSize: number;
    readonly retention: number;
    readonly expiresBy?: "written" | "task";
  },
): WindowStoreDefinition<K, V> => {
  checkKept(name, "window size", options.windowSize);
  checkKept(name, "retention", options.retention);
  if (options.retention < options.windowSize)
    throw new TopologyError(
      `store "${name}" keeps windows for ${options.retention} ms, less than their size of ${options.windowSize} ms`,
    );
  return { changelog: true, ...options, kind: "window", name };
};

const checkKept = (name: string, what: string, ms: number): void =>
  checkLengthOrEndless(`store "${name}": the ${what}`, ms);

/** Defines a session store for a processor; `retention` in ms, after a session's end. */
export const sessionStore = <K, V>(
  name: string,
  options: StoreOptions<K, V, SessionStoreDefinition<K, V>, SessionStore<K, V>> & {
    readonly retention: number;
  },
): SessionStoreDefinition<K, V> => {
  checkKept(name, "retention", options.retention);
  return { changelog: true, ...options, kind: "session", name };
};

/** Defines a store for one side of a stream-stream join; `retention` in ms, after a record's time. */
export const joinStore = <K, V>(
  name: string,
  options: StoreOptions<K, V, JoinStoreDefinition<K, V>, JoinStore<K, V>> & { readonly retention: number },
): JoinStoreDefinition<K, V> => {
  checkKept(name, "retention", options.retention);
  return { changelog: true, ...options, kind: "join", name };
};

/** Defines a versioned store; `historyRetention` in ms. */
export const versionedStore = <K, V>(
  name: string,
  options: StoreOptions<K, V, VersionedStoreDefinition<K, V>, VersionedStore<K, V>> & {
    readonly historyRetention: number;
  },
): VersionedStoreDefinition<K, V> => {
  checkKept(name, "history retention", options.historyRetention);
  return { changelog: true, ...options, kind: "versioned", name };
};
