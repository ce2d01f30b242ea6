import type { ErasedSerde } from "../serde.ts";
import type { StageNode } from "../stages.ts";
import { missingSerde } from "./missing-serde.ts";
import type { Partitioner } from "../partitioner.ts";
import { operatorStage, passThrough } from "./operator-stage.ts";

/** The node between two sub-topologies: a sink of the first and the source of the second. */
export const repartitionNode = (
  parent: StageNode,
  name: string,
  options: {
    /** The operator that needs it, as the user wrote it. */
    readonly operator: string;
    readonly partitions?: number | undefined;
    readonly partitioner?: Partitioner<unknown, unknown> | undefined;
    readonly key: ErasedSerde | undefined;
    readonly value: ErasedSerde | undefined;
    /** By default `<name>-repartition`. */
    readonly topic?: string;
    readonly nullKeys?: boolean;
  },
): StageNode => {
  const { operator, partitions, partitioner, key, value, topic, nullKeys = false } = options;
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
        partitioner,
      },
      key,
      value,
      rekeyed: false,
      attach: passThrough,
    },
  ).node;
};
