import type { ErasedSerde } from "../serde.ts";
import type { AnyRecord, StageNode } from "../stages.ts";
import { missingSerde } from "./missing-serde.ts";
import { operatorStage, passThrough } from "./operator-stage.ts";

/** The node between two sub-topologies: a sink of the first and the source of the second. */
export const repartitionNode = (
  parent: StageNode,
  name: string,
  options: {
    /** The operator that needs it, as the user wrote it. */
    readonly operator: string;
    readonly partitions?: number | undefined;
    readonly key: ErasedSerde | undefined;
    readonly value: ErasedSerde | undefined;
    /** By default `<name>-repartition`. */
    readonly topic?: string;
    readonly nullKeys?: boolean;
    readonly partitionOf?: (record: AnyRecord) => number | undefined;
  },
): StageNode => {
  const { operator, partitions, key, value, topic, nullKeys = false, partitionOf } = options;
  const missing = key === undefined ? "key" : value === undefined ? "value" : undefined;
  if (missing !== undefined)
    throw missingSerde(
      `the repartition topic "${name}"`,
      missing,
      parent.role.type === "grouping" ? "the grouping" : `${operator}()`,
      parent,
    );
  return operatorStage(
    "KStream",
    { input: parent },
    {
      operator,
      role: {
        type: "repartition",
        name,
        topic: topic ?? `${name}-repartition`,
        partitions,
        nullKeys,
        partitionOf,
      },
      key,
      value,
      rekeyed: false,
      attach: passThrough,
    },
  ).node;
};
