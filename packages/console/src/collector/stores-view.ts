import type { TopologyGraph } from "@millrace/streams";
import type { StoreView } from "../protocol/console-state.ts";
import type { MemberSample } from "./member-sample.ts";
import { sums } from "./sums.ts";

const storeOf = (labels: Readonly<Record<string, string>>): string => labels["store"] ?? "";

/** The stores of an application, with the rows that its members hold together. */
export const storesView = (graph: TopologyGraph, members: readonly MemberSample[]): readonly StoreView[] => {
  const counted = members.map((member) => sums(member.samples("store_entries"), storeOf));
  const toRestore = sums(
    members.flatMap((member) => member.samples("to_restore_records")),
    storeOf,
  );
  return graph.stores.map(({ name, kind, subTopology }) => {
    const entries = counted.map((stores) => stores[name] ?? 0);
    return {
      name,
      kind,
      subTopology,
      // Of a global table everybody has all.
      entries:
        subTopology === undefined ? Math.max(0, ...entries) : entries.reduce((sum, one) => sum + one, 0),
      toRestore: toRestore[name] ?? 0,
    };
  });
};
