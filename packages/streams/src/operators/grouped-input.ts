import type { Change } from "../change.ts";
import { type ErasedSerde, erased } from "../serde.ts";
import type { StageNode } from "../stages.ts";
import { changeSerde } from "./change-serde.ts";
import { repartitionNode } from "./repartition-node.ts";

/**
 * What an aggregation reads: the groups as they are, or, where keys may have changed, a repartition topic named after
 * the grouping, and else after the store. Aggregations of one named grouping share its topic.
 */
export const groupedInput = (
  grouped: StageNode,
  operator: string,
  store: string,
  key: ErasedSerde | undefined,
): StageNode => {
  if (!grouped.rekeyed) return grouped;
  const name = grouped.role.type === "grouping" ? grouped.role.repartition : undefined;
  const shared = name === undefined ? undefined : namedRepartitions.get(grouped);
  if (shared !== undefined) return shared;
  const node = repartitionNode(grouped, name ?? store, {
    operator,
    key,
    value: grouped.kind === "KGroupedTable" ? changesOf(grouped.value) : grouped.value,
  });
  if (name !== undefined) namedRepartitions.set(grouped, node);
  return node;
};

const namedRepartitions = new WeakMap<StageNode, StageNode>();

const changesOf = (value: ErasedSerde | undefined): ErasedSerde | undefined =>
  value === undefined ? undefined : erased<Change<unknown>>(changeSerde(value));
