import type { StateStore } from "../../state/state-store.ts";
import type { StoreDefinition } from "../../state/store-definition.ts";
import type { Topology } from "../../topology.ts";
import type { HeldPartitions } from "./held-partitions.ts";
import { QueriedKeyValueStore } from "./queried-key-value-store.ts";
import { QueriedSessionStore } from "./queried-session-store.ts";
import type { QueryableDefinition, StorePositions } from "./queried-store.ts";
import { QueriedVersionedStore } from "./queried-versioned-store.ts";
import { QueriedWindowStore } from "./queried-window-store.ts";
import { unknownStore } from "./query-error.ts";
import type { QueryOptions } from "./query-options.ts";
import { StoreScope } from "./store-scope.ts";

/** What has stores that can be read. */
export interface StoreHolder {
  readonly applicationId: string;
  readonly topology: Topology;
  /** `stale`: with the partitions of standbys. Throws where the application is not at work. */
  readonly held: (store: StoreDefinition, stale: boolean) => HeldPartitions;
}

type Opened = { readonly committedView: () => unknown };

/** Reads a store from outside of its topology. Throws STORE_UNKNOWN for a definition that is none of the topology's. */
export const queryStore = (
  { applicationId, topology, held }: StoreHolder,
  asked: QueryableDefinition | string,
  { isolation = "committed", stale = false, partitions }: QueryOptions,
): StorePositions => {
  const name = typeof asked === "string" ? asked : asked.name;
  const definition = definitionOf(topology, name);
  if (definition === undefined) throw unknownStore(name, `"${topology.name}" has no store of that name`);
  const { kind } = definition;
  if (typeof asked !== "string" && asked.kind !== kind)
    throw unknownStore(name, `it is of the kind ${kind}, not ${asked.kind}`);
  const scope = <S>(): StoreScope<S> =>
    new StoreScope<S>({
      applicationId,
      definition,
      held: () => held(definition, stale),
      partitions,
      view: (store) =>
        (isolation === "committed" ? (store as StateStore & Opened).committedView() : store) as S,
    });
  switch (kind) {
    case "keyValue":
      return new QueriedKeyValueStore(scope());
    case "window":
      return new QueriedWindowStore(scope());
    case "session":
      return new QueriedSessionStore(scope());
    case "versioned":
      return new QueriedVersionedStore(scope());
    case "join":
      throw unknownStore(name, "it holds one side of a stream-stream join");
  }
};

const definitionOf = ({ subTopologies, globals }: Topology, name: string): StoreDefinition | undefined => {
  for (const { stores } of subTopologies) {
    const found = stores.find((store) => store.name === name);
    if (found !== undefined) return found;
  }
  for (const { role } of globals) if (role.type === "global" && role.store.name === name) return role.store;
  return undefined;
};
