import { loadTopologies } from "./load-topologies.ts";

/**
 * The topologies that a module exports, described in Kafka Streams' words (`Topology.describe()`). `name`: the export
 * that is meant; otherwise all. Throws a MillraceError `USAGE`.
 */
export const describeModule = async (path: string, name?: string): Promise<readonly string[]> =>
  (await loadTopologies(path, name)).flatMap((topology, at) => [
    ...(at > 0 ? [""] : []),
    `Application "${topology.name}"`,
    topology.describe().trimEnd(),
  ]);
