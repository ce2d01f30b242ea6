import type { ApplicationView } from "../src/protocol/console-state.ts";
import type { GraphView } from "../src/protocol/graph-view.ts";

/** What the topology's views share. */
export interface TopologyProps {
  readonly application: ApplicationView;
  readonly graph: GraphView;
}
