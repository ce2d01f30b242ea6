import { Graph, layout } from "@dagrejs/dagre";
import type { GraphEdge, TopologyGraph } from "@millrace/streams";
import type { AreaView, Box, EdgeView, GraphView, NodeView, Point } from "../protocol/graph-view.ts";

/** Sizes in CSS pixels, as the page's style sheet has them. */
const lineHeight = 18;
const nodeHeight = 44;
const characterWidth = 7.4;
const padding = 28;
/** What stands beside a store's name: its symbol, and how many rows it has. */
const besideStore = " ".repeat(7);
const narrowest = 128;
const widest = 340;
const margin = 20;

/**
 * Draws a topology: where each operator, topic and sub-topology stands, and how the edges run, from top to bottom. Layers
 * and crossings are dagre's work.
 */
export const graphLayout = (application: string, describe: string, topology: TopologyGraph): GraphView => {
  const graph = new Graph({ compound: true, multigraph: true });
  graph.setGraph({ rankdir: "TB", nodesep: 36, ranksep: 22, edgesep: 18, marginx: margin, marginy: margin });
  graph.setDefaultEdgeLabel(() => ({}));
  const areas = new Set<number>();
  for (const node of drawnNodes(topology)) {
    graph.setNode(node.id, { ...node });
    if (node.subTopology === undefined) continue;
    areas.add(node.subTopology);
    graph.setNode(areaId(node.subTopology), { width: 0, height: 0 });
    graph.setParent(node.id, areaId(node.subTopology));
  }
  const edges = topology.edges.map((edge) => ({
    from: endId(edge.from),
    to: endId(edge.to),
    counter: counterOf(edge, topology),
  }));
  for (const [index, { from, to }] of edges.entries())
    graph.setEdge(from, to, { width: 56, height: 16, labelpos: "c" }, String(index));
  layout(graph);
  const { width = 0, height = 0 } = graph.graph();
  return {
    application,
    describe,
    width: Math.ceil(width),
    height: Math.ceil(height),
    areas: [...areas].map((subTopology): AreaView => ({
      subTopology,
      ...withTitle(corner(graph.node(areaId(subTopology)) as Centred)),
    })),
    nodes: drawnNodes(topology).map((node) => ({ ...node, ...corner(graph.node(node.id) as Centred) })),
    edges: edges.map(({ from, to, counter }, index): EdgeView => {
      const { points, x, y } = graph.edge(from, to, String(index)) as Drawn;
      return { from, to, counter, points: points.map(rounded), label: rounded({ x, y }) };
    }),
  };
};

/** As dagre has rectangles: by their middles. */
interface Centred extends Point {
  readonly width: number;
  readonly height: number;
}

/** As dagre has edges. */
interface Drawn extends Point {
  readonly points: readonly Point[];
}

const corner = ({ x, y, width, height }: Centred): Box => ({
  ...rounded({ x: x - width / 2, y: y - height / 2 }),
  width: Math.round(width),
  height: Math.round(height),
});

/** Room for the name of an area, above what is in it. */
const titleHeight = 12;

const withTitle = ({ x, y, width, height }: Box): Box => ({
  x,
  y: y - titleHeight,
  width,
  height: height + titleHeight,
});

const rounded = ({ x, y }: Point): Point => ({ x: Math.round(x * 10) / 10, y: Math.round(y * 10) / 10 });

const areaId = (subTopology: number): string => `area ${subTopology}`;
const topicId = (name: string): string => `topic ${name}`;

const endId = (end: GraphEdge["from"]): string => ("topic" in end ? topicId(end.topic) : end.node);

type DrawnNode = Omit<NodeView, "x" | "y">;

const drawnNodes = ({ nodes, topics }: TopologyGraph): readonly DrawnNode[] => [
  ...nodes.map(({ id, operator, type, subTopology, stores }): DrawnNode => ({
    id,
    kind: type,
    title: operator,
    subTopology,
    stores,
    width: widthOf([operator, id, ...stores.map((store) => besideStore + store)]),
    height: nodeHeight + (stores.length > 0 ? 6 : 0) + stores.length * lineHeight,
  })),
  ...topics.map(({ name, kind }): DrawnNode => ({
    id: topicId(name),
    kind: kind === "repartition" ? "repartition" : "topic",
    title: name,
    subTopology: undefined,
    stores: [],
    width: widthOf([name]),
    height: nodeHeight - 10,
  })),
];

const widthOf = (lines: readonly string[]): number =>
  Math.min(
    widest,
    Math.max(narrowest, padding + characterWidth * Math.max(...lines.map(({ length }) => length))),
  );

/** Whose count says how many records go over an edge. */
const counterOf = (
  { from, to }: GraphEdge,
  { nodes, edges }: Pick<TopologyGraph, "nodes" | "edges">,
): EdgeView["counter"] => {
  const subTopologyOf = (id: string): string =>
    String(nodes.find((node) => node.id === id)?.subTopology ?? "");
  if ("topic" in from && "node" in to)
    return { of: "consumed", key: `${subTopologyOf(to.node)} ${from.topic}` };
  if ("node" in from && "topic" in to) return { of: "sent", key: `${subTopologyOf(from.node)} ${to.topic}` };
  // Sources forward what they take, and count it once.
  const above = edges.find((edge) => "node" in from && "node" in edge.to && edge.to.node === from.node);
  if (above !== undefined && "topic" in above.from) return counterOf(above, { nodes, edges });
  return { of: "forwarded", key: "node" in from ? from.node : "" };
};
