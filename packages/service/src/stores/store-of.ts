import { MillraceError, type Topology } from "@millrace/streams";

/** A store as its topology defines it. */
export type TopologyStore = Topology["subTopologies"][number]["stores"][number];

/** The definition of a store by its name. Throws a MillraceError `STORE_UNKNOWN`. */
export const storeOf = (
  { name: topology, subTopologies, globals }: Topology,
  name: string,
): TopologyStore => {
  for (const { stores } of subTopologies) {
    const found = stores.find((store) => store.name === name);
    if (found !== undefined) return found;
  }
  for (const { role } of globals) if (role.type === "global" && role.store.name === name) return role.store;
  throw new MillraceError(`"${topology}" has no store "${name}"`, { code: "STORE_UNKNOWN" });
};
