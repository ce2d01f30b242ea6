import type { NodeView, Point } from "../protocol/graph-view.ts";

/**
 * How far a drawing that is larger than its frame is moved at first, so that it begins with what records come from: the
 * topmost topic is in the middle of the frame's width. Zero where that is in it anyway.
 */
export const drawingStart = (nodes: readonly NodeView[], frameWidth: number): Point => {
  const [first] = nodes.filter(({ kind }) => kind === "topic").toSorted((a, b) => a.y - b.y || a.x - b.x);
  if (first === undefined || first.x + first.width <= frameWidth) return { x: 0, y: 0 };
  return { x: first.x + first.width / 2 - frameWidth / 2, y: 0 };
};
