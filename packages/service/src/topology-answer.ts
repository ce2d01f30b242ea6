import type { TopologyGraph } from "@millrace/streams";
import type { Service } from "./service.ts";

/** One application of `/topology`: what it runs, which stays the same while it runs. */
export interface ApplicationTopology {
  readonly application: string;
  /** Kafka Streams' text. */
  readonly describe: string;
  readonly graph: TopologyGraph;
}

/** What `/topology` answers, as JSON; no applications while the service starts. */
export interface TopologyAnswer {
  readonly applications: readonly ApplicationTopology[];
}

/** The topologies of a service, as text and as graphs to be drawn. */
export const topologyAnswer = (service: Service | undefined): TopologyAnswer => ({
  applications: (service?.applications ?? []).map(({ app: { applicationId, topology } }) => ({
    application: applicationId,
    describe: topology.describe(),
    graph: topology.graph(applicationId),
  })),
});
