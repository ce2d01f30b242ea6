import { TopologyError } from "../errors.ts";
import type { StageNode } from "../stages.ts";

/**
 * `what` needs a serde, and none is known of what flows out of `parent`. The message blames the operator that made
 * the keys or values, which may stand far above the one that needs to write them.
 */
export const missingSerde = (
  what: string,
  part: "key" | "value",
  /** Who else may be given it, e.g. "count()". */
  giver: string,
  parent: StageNode,
): TopologyError => {
  const maker = makerOf(part, parent);
  return new TopologyError(
    maker.operator === "stream"
      ? `${what} needs a ${part} serde, but stream() reads topics whose ${part} serdes differ: give ${giver} one for all ` +
          `as { ${part}: ... }`
      : maker.operator === "merge"
        ? `${what} needs a ${part} serde, but merge() joins streams whose ${part} serdes differ: give ${giver} one for ` +
          `both as { ${part}: ... }`
        : `${what} needs a ${part} serde, and ${maker.operator}() makes ${part}s that none is known for: give ` +
          `${maker.operator}() one as { ${part}: ... }, or ${giver}`,
  );
};

/** The operator that flows out without a serde although one flows in. */
export const makerOf = (part: "key" | "value", node: StageNode): StageNode => {
  const unknowing = node.parents.find((parent) => parent[part] === undefined);
  return unknowing === undefined ? node : makerOf(part, unknowing);
};
