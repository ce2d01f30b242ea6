import { TopologyError } from "../errors.ts";
import { erased, type ErasedSerde, type Serde } from "../serde.ts";
import { type KStream, Stage, type StageNode } from "../stages.ts";
import { passThrough } from "./operator-stage.ts";

interface RepartitionOptions<K, V> {
  /** The topic will be `<application id>-<name>-repartition`. */
  readonly name: string;
  /** Number of partitions; by default the greatest of the source topics that feed it. */
  readonly partitions?: number;
  readonly key?: Serde<K>;
  readonly value?: Serde<V>;
}

/**
 * Sends the records through a topic of the application's own, so that equal keys meet in one task
 * (`KStream.repartition`). Records with a null key are left out.
 */
export const repartition =
  <K, V>(
    options: RepartitionOptions<NoInfer<K>, NoInfer<V>>,
  ): ((stage: KStream<K, V>) => KStream<NonNullable<K>, V>) =>
  ({ node }) =>
    new Stage(
      repartitionNode(node, options.name, options.partitions, erased(options.key), erased(options.value)),
    );

/** The node between two sub-topologies: a sink of the first and the source of the second. */
export const repartitionNode = (
  parent: StageNode,
  name: string,
  partitions?: number,
  key: ErasedSerde | undefined = parent.key,
  value: ErasedSerde | undefined = parent.value,
): StageNode => {
  const missing = key === undefined ? "key" : value === undefined ? "value" : undefined;
  if (missing !== undefined)
    throw new TopologyError(
      `the repartition topic "${name}" needs a ${missing} serde, and after "${parent.operator}" none is known: ` +
        `give it as { ${missing}: ... } to the grouping, the repartition, or "${parent.operator}"`,
    );
  return {
    operator: "repartition",
    kind: "KStream",
    role: { type: "repartition", name, partitions },
    parents: [parent],
    key,
    value,
    rekeyed: false,
    stores: [],
    attach: passThrough,
  };
};
