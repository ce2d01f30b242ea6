import { expect, test } from "vitest";
import type { NodeView } from "../protocol/graph-view.ts";
import { drawingStart } from "./drawing-start.ts";

const node = (kind: NodeView["kind"], x: number, y: number): NodeView => ({
  id: `${kind}-${x}`,
  kind,
  title: kind,
  subTopology: undefined,
  stores: [],
  x,
  y,
  width: 100,
  height: 20,
});

test("a drawing that is wider than its frame begins with the topic that records come from", () => {
  const nodes = [node("repartition", 0, 300), node("topic", 700, 10), node("topic", 20, 500)];
  expect(drawingStart(nodes, 400)).toEqual({ x: 550, y: 0 });
  expect(drawingStart(nodes, 800)).toEqual({ x: 0, y: 0 });
  expect(drawingStart([], 400)).toEqual({ x: 0, y: 0 });
});
