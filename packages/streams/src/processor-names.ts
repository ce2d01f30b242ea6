import type { StageNode } from "./stages.ts";

/** What Kafka Streams calls the processors of its DSL; those that it does not have are named alike. */
const streamPrefixes: Readonly<Record<string, string>> = {
  filterNot: "KSTREAM-FILTER-",
  print: "KSTREAM-PRINTER-",
  process: "KSTREAM-PROCESSOR-",
  selectKey: "KSTREAM-KEY-SELECT-",
  split: "KSTREAM-BRANCH-",
  stream: "KSTREAM-SOURCE-",
  table: "KSTREAM-SOURCE-",
  to: "KSTREAM-SINK-",
  toStream: "KTABLE-TOSTREAM-",
};

const tablePrefixes: Readonly<Record<string, string>> = {
  filterNot: "KTABLE-FILTER-",
  groupBy: "KTABLE-SELECT-",
  table: "KTABLE-SOURCE-",
  toTable: "KSTREAM-TOTABLE-",
};

/** The part of a processor's name before its number. */
export const processorPrefix = (node: StageNode): string => {
  const { operator } = node;
  if (operator === "aggregate" || operator === "count" || operator === "reduce")
    return `${groupOf(node)}-${operator === "reduce" ? "REDUCE" : "AGGREGATE"}-`;
  if (Object.hasOwn(node.inputs, "left") && node.inputs["right"]?.kind === "GlobalKTable")
    return "KSTREAM-LEFTJOIN-";
  if (node.kind === "KTable" && node.parents.length > 1) return "KTABLE-MERGE-";
  const isTable = node.kind === "KTable" || node.kind === "KGroupedTable";
  const known = isTable ? tablePrefixes[operator] : streamPrefixes[operator];
  return known ?? `${isTable ? "KTABLE" : "KSTREAM"}-${operator.toUpperCase()}-`;
};

const groupOf = ({ parents: [input] }: StageNode): string => {
  const grouped = input?.role.type === "repartition" ? input.parents[0] : input;
  return grouped?.kind === "KGroupedTable" ? "KTABLE" : "KSTREAM";
};
