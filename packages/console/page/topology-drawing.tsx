import type { EdgeView, NodeView, Point } from "../src/protocol/graph-view.ts";
import { counted, rateText, shortCount } from "./amounts.ts";
import { edgeRate } from "./edge-rate.ts";
import type { TopologyProps } from "./topology-props.ts";

/** The topology, drawn; the table beside it says the same. */
export const TopologyDrawing = ({ application, graph }: TopologyProps) => {
  const { width, height, areas, nodes, edges } = graph;
  return (
    <svg
      class="topology"
      viewBox={`0 0 ${width} ${height}`}
      width={width}
      height={height}
      role="img"
      aria-label={`Topology of ${graph.application}: ${counted(nodes.length, "operator or topic", "operators and topics")}. "The drawing as a table" says the same.`}
    >
      <defs>
        <marker
          id="arrow"
          viewBox="0 0 8 8"
          refX="7"
          refY="4"
          markerWidth="8"
          markerHeight="8"
          markerUnits="userSpaceOnUse"
          orient="auto"
        >
          <path d="M1 1l6 3-6 3z" />
        </marker>
        <marker
          id="arrow-live"
          viewBox="0 0 8 8"
          refX="7"
          refY="4"
          markerWidth="9"
          markerHeight="9"
          markerUnits="userSpaceOnUse"
          orient="auto"
        >
          <path class="live" d="M1 1l6 3-6 3z" />
        </marker>
      </defs>
      {areas.map(({ subTopology, x, y, width: across, height: down }) => (
        <g key={subTopology} class="area">
          <rect x={x} y={y} width={across} height={down} rx="8" />
          <text x={x + 10} y={y + 16}>
            sub-topology {subTopology}
          </text>
        </g>
      ))}
      {edges.map((edge) => (
        <Edge key={`${edge.from} ${edge.to}`} edge={edge} rate={edgeRate(application.rates, edge)} />
      ))}
      {nodes.map((node) => (
        <Node
          key={node.id}
          node={node}
          lag={isTopic(node) ? (application.lagByTopic[node.title] ?? 0) : 0}
          entries={(store) => application.stores.find(({ name }) => name === store)?.entries ?? 0}
        />
      ))}
    </svg>
  );
};

const isTopic = ({ kind }: NodeView): boolean => kind === "topic" || kind === "repartition";

const Edge = ({ edge, rate }: { readonly edge: EdgeView; readonly rate: number }) => {
  const live = rate > 0;
  return (
    <g class={live ? "edge live" : "edge"}>
      <path
        d={curve(edge.points)}
        stroke-width={live ? (1.4 + Math.min(3, Math.log10(1 + rate))).toFixed(2) : 1.2}
        marker-end={live ? "url(#arrow-live)" : "url(#arrow)"}
      />
      {live && (
        <text x={edge.label.x + 6} y={edge.label.y + 4}>
          {rateText(rate)}/s
        </text>
      )}
    </g>
  );
};

/** Through dagre's points, rounded where it turns. */
const curve = (points: readonly Point[]): string => {
  const [first, ...rest] = points;
  const last = rest.at(-1);
  if (first === undefined || last === undefined) return "";
  let path = `M${first.x} ${first.y}`;
  for (const [index, point] of rest.slice(0, -1).entries()) {
    const next = rest[index + 1] ?? last;
    const end = index === rest.length - 2 ? last : { x: (point.x + next.x) / 2, y: (point.y + next.y) / 2 };
    path += `Q${point.x} ${point.y} ${end.x} ${end.y}`;
  }
  return rest.length === 1 ? `${path}L${last.x} ${last.y}` : path;
};

interface NodeProps {
  readonly node: NodeView;
  readonly lag: number;
  readonly entries: (store: string) => number;
}

const Node = ({ node, lag, entries }: NodeProps) => {
  const { id, kind, title, stores, x, y, width, height } = node;
  const topic = isTopic(node);
  return (
    <g class={`node ${kind}`} transform={`translate(${x} ${y})`}>
      <title>{topic ? `topic ${title}` : `${title}, ${id}`}</title>
      <rect width={width} height={height} rx={topic ? height / 2 : 6} />
      {topic ? (
        <text class="topic-name" x={width / 2} y={height / 2 + 4} text-anchor="middle">
          {shortened(title, width - 24)}
        </text>
      ) : (
        <>
          <text class="operator" x="12" y="19">
            {title}
          </text>
          <text class="id" x="12" y="34">
            {shortened(id, width - 20)}
          </text>
        </>
      )}
      {stores.map((store, index) => (
        <g key={store} class="store" transform={`translate(12 ${51 + index * 18})`}>
          <path d="M0-5.500v6c0 1.3 2.2 2.3 5 2.300s5-1 5-2.300v-6m-10 0c0-1.3 2.2-2.3 5-2.300s5 1 5 2.3-2.2 2.3-5 2.3-5-1-5-2.300z" />
          <text x="16" y="2">
            {shortened(store, width - 70)}
          </text>
          <text class="entries" x={width - 24} y="2" text-anchor="end">
            {shortCount(entries(store))}
          </text>
        </g>
      ))}
      {lag > 0 && (
        <g class="lag" transform={`translate(${width / 2} -2)`}>
          <rect x={-lagWidth(lag) / 2} y="-9" width={lagWidth(lag)} height="17" rx="8.5" />
          <text y="3.5" text-anchor="middle">
            {shortCount(lag)} behind
          </text>
        </g>
      )}
    </g>
  );
};

const lagWidth = (lag: number): number => 58 + shortCount(lag).length * 7;

/** About so many pixels wide. */
const shortened = (text: string, width: number): string => {
  const most = Math.max(4, Math.floor(width / 6.9));
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
};
