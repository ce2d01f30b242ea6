import type { Described, DescribedNode } from "./described-node.ts";
import { TopologyError } from "./errors.ts";
import { isLegalName, longestName } from "./legal-name.ts";
import type { StageNode } from "./stages.ts";

/**
 * Throws where two operators have one name, or one a name that none can have, as Kafka Streams does: in `describe()`, in
 * `graph()` and in errors nobody could tell which is meant. Sources, sinks and what is numbered are among them.
 */
export const checkProcessorNames = (described: ReadonlyMap<StageNode, Described>): void => {
  const known = new Map<string, { readonly processor: DescribedNode; readonly node: StageNode }>();
  for (const [node, { own, before }] of described) {
    if (node.name !== undefined && (!isLegalName(node.name) || node.name === "." || node.name === ".."))
      throw new TopologyError(
        `${node.operator}() can't be named "${node.name}": only letters, digits, ".", "_" and "-", at most ${longestName} of them`,
      );
    for (const processor of [...before, ...own]) {
      const other = known.get(processor.name);
      known.set(processor.name, { processor, node });
      if (other !== undefined && other.processor !== processor)
        throw new TopologyError(
          `${textOf(other.node)} and ${textOf(node)} are both named "${processor.name}": give one another name`,
        );
    }
  }
};

const textOf = ({ operator, role }: StageNode): string =>
  role.type === "branch"
    ? `a branch of ${operator}()`
    : role.type === "sink"
      ? `the sink ${operator}()`
      : `${operator}()`;
