import type { StageNode } from "../../stages.ts";
import type { SourceInput } from "./attach.ts";

/** Two `stream(...)` of one topic read it once: each record goes to both, in the order of the topology. */
export const sourcesByTopic = (
  inputs: ReadonlyMap<StageNode, SourceInput>,
): Iterable<{ readonly node: StageNode; readonly input: SourceInput }> => {
  const sources = new Map<unknown, { node: StageNode; input: SourceInput }>();
  for (const [node, input] of inputs) {
    const name = node.role.type === "source" ? node.role.topic.name : node;
    const known = sources.get(name);
    if (known === undefined) {
      sources.set(name, { node, input });
      continue;
    }
    const earlier = known.input;
    known.input = (record) => {
      earlier(record);
      input(record);
    };
  }
  return sources.values();
};
