import { CachedJoinStore } from "./cached-join-store.ts";
import { CachedKeyValueStore } from "./cached-key-value-store.ts";
import { CachedSessionStore } from "./cached-session-store.ts";
import { CachedVersionedStore } from "./cached-versioned-store.ts";
import { CachedWindowStore } from "./cached-window-store.ts";
import type { StateStore } from "./state-store.ts";
import { erasedStore, type SomeStoreDefinition, type StoreDefinition } from "./store-definition.ts";
import type { StoreHooks } from "./store-hooks.ts";
import type { StoreOf } from "./store-of.ts";

type Openers = {
  readonly [Kind in StoreDefinition["kind"]]: (
    definition: Extract<StoreDefinition, { readonly kind: Kind }>,
    hooks: StoreHooks,
  ) => StateStore;
};

const openers: Openers = {
  keyValue: (definition, hooks) => new CachedKeyValueStore(definition, hooks),
  session: (definition, hooks) => new CachedSessionStore(definition, hooks),
  join: (definition, hooks) => new CachedJoinStore(definition, hooks),
  versioned: (definition, hooks) => new CachedVersionedStore(definition, hooks),
  window: (definition, hooks) => new CachedWindowStore(definition, hooks),
};

/** Makes the store of a definition for one task: the definition's own, or ours of its kind. */
export const openStore = <D extends SomeStoreDefinition>(
  some: D,
  hooks: StoreHooks,
): StoreOf<D> & StateStore => {
  const definition = erasedStore(some);
  const open = definition.open ?? openers[definition.kind];
  return (open as (definition: StoreDefinition, hooks: StoreHooks) => StateStore)(
    definition,
    hooks,
  ) as StoreOf<D> & StateStore;
};
