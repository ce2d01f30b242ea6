import type { StageNode } from "../../stages.ts";
import type { SourceReading } from "./source-reading.ts";

/** How a source node reads one of its topics: of several each has its own. Throws where a repartition topic has none. */
export const sourceSerdes = (
  { role, key, value, operator }: StageNode,
  topic: string,
): Pick<SourceReading, "key" | "value" | "timestamp"> => {
  const own =
    role.type === "source"
      ? (role.pattern?.reading ?? role.topics.find(({ name }) => name === topic))
      : undefined;
  const timestamp = own?.timestamp;
  // Those of a table take nulls, too.
  if (own !== undefined && role.type === "source" && !role.nulls)
    return { key: own.key, value: own.value, timestamp };
  if (key === undefined || value === undefined) throw new Error(`"${operator}" of "${topic}" has no serdes`);
  return { key, value, timestamp };
};
