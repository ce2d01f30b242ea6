import {
  count,
  groupBy,
  groupByKey,
  long,
  stream,
  string,
  to,
  topic,
  topology,
  toStream,
} from "@millrace/streams";
import { expect, test } from "vitest";
import type { Box, GraphView } from "../protocol/graph-view.ts";
import { graphLayout } from "./graph-layout.ts";

const counting = topology(
  "counting",
  stream(topic("clicks", { key: string(), value: string() })).pipe(
    groupBy((page) => page, { key: string(), name: "by-page" }),
    count({ store: "pages" }),
    toStream(),
    to(topic("totals", { key: string(), value: long() })),
  ),
);

const drawn = (): GraphView => graphLayout("counting", counting.describe(), counting.graph("counting"));
const box = ({ nodes }: GraphView, title: string): Box => {
  const found = nodes.find((node) => node.title === title);
  if (found === undefined) throw new Error(`nothing is called ${title}`);
  return found;
};
const holds = (outer: Box, inner: Box): boolean =>
  outer.x <= inner.x &&
  outer.y <= inner.y &&
  outer.x + outer.width >= inner.x + inner.width &&
  outer.y + outer.height >= inner.y + inner.height;

test("draws topics and operators from top to bottom, each in its sub-topology's area", () => {
  const view = drawn();
  const order = ["clicks", "counting-by-page-repartition", "count", "totals"];
  const heights = order.map((title) => box(view, title).y);
  expect(heights).toEqual(heights.toSorted((a, b) => a - b));
  expect(view.areas.map(({ subTopology }) => subTopology)).toEqual([0, 1]);
  for (const node of view.nodes) {
    expect(holds({ x: 0, y: 0, width: view.width, height: view.height }, node)).toBe(true);
    const areas = view.areas.filter(({ subTopology }) => subTopology === node.subTopology);
    expect(
      areas.every((area) => holds(area, node)),
      node.id,
    ).toBe(true);
  }
});

test("lets nothing overlap", () => {
  const { nodes } = drawn();
  for (const [index, a] of nodes.entries())
    for (const b of nodes.slice(index + 1)) {
      const apart =
        a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y;
      expect(apart, `${a.id} and ${b.id}`).toBe(true);
    }
});

test("says for each edge whose count is its rate", () => {
  const { edges, nodes } = drawn();
  const ids = new Set(nodes.map(({ id }) => id));
  for (const { from, to: end } of edges) expect(ids.has(from) && ids.has(end)).toBe(true);
  expect(edges.map(({ counter: { of, key } }) => `${of} ${key}`)).toEqual(
    expect.arrayContaining([
      "consumed 0 clicks",
      "sent 0 counting-by-page-repartition",
      "consumed 1 counting-by-page-repartition",
      "sent 1 totals",
    ]),
  );
});

test("gives an operator room for its stores", () => {
  const view = drawn();
  expect(view.nodes.find(({ title }) => title === "count")?.stores).toEqual(["pages"]);
  expect(box(view, "count").height).toBeGreaterThan(box(view, "toStream").height);
});

test("a node is as wide as the names of its stores need, beside their counts of rows", () => {
  const store = "pages-of-the-last-hour";
  const stored = topology(
    "stored",
    stream(topic("clicks", { key: string(), value: string() })).pipe(
      groupByKey(),
      count({ store, name: "c" }),
    ),
  );
  const { width } = box(graphLayout("stored", stored.describe(), stored.graph("stored")), "count");
  // As the drawing has it: 6.9 px a character, and 70 beside them.
  expect(width - 70).toBeGreaterThanOrEqual(6.9 * store.length);
});
