import type { GraphView, NodeView } from "../src/protocol/graph-view.ts";
import { countText, rateText } from "./amounts.ts";
import { edgeRate } from "./edge-rate.ts";
import type { TopologyProps } from "./topology-props.ts";

/** Every operator and topic of the drawing, with what goes out of it and where. */
export const TopologyTable = ({ application, graph }: TopologyProps) => {
  const ordered = graph.nodes.toSorted((a, b) => a.y - b.y || a.x - b.x);
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label="The topology as a table">
      <table>
        <thead>
          <tr>
            <th scope="col">Operator or topic</th>
            <th scope="col">Kind</th>
            <th scope="col">Sub-topology</th>
            <th scope="col">Stores</th>
            <th scope="col">Sends to, records per second</th>
            <th scope="col" class="number">
              Behind
            </th>
          </tr>
        </thead>
        <tbody>
          {ordered.map((node) => (
            <tr key={node.id}>
              <th scope="row" class="mono">
                {nameOf(node)}
              </th>
              <td>
                {node.kind === "topic" || node.kind === "repartition"
                  ? `${node.kind === "topic" ? "" : "repartition "}topic`
                  : node.title}
              </td>
              <td>{node.subTopology ?? ""}</td>
              <td class="mono">{node.stores.join(", ")}</td>
              <td>
                {graph.edges
                  .filter(({ from }) => from === node.id)
                  .map((edge) => (
                    <div key={edge.to}>
                      <span class="mono">{nameIn(graph, edge.to)}</span>{" "}
                      <span class="muted">{rateText(edgeRate(application.rates, edge))}/s</span>
                    </div>
                  ))}
              </td>
              <td class="number">
                {node.title in application.lagByTopic && node.id.startsWith("topic ")
                  ? countText(application.lagByTopic[node.title] ?? 0)
                  : ""}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
};

const nameOf = ({ id, title }: NodeView): string => (id.startsWith("topic ") ? title : id);

const nameIn = ({ nodes }: GraphView, id: string): string => {
  const node = nodes.find((one) => one.id === id);
  return node === undefined ? id : nameOf(node);
};
