import { TopologyError } from "../errors.ts";
import { erased, type Serde } from "../serde.ts";
import { type KStream, Stage } from "../stages.ts";
import type { Partitioned, Partitioner } from "../partitioner.ts";
import { repartitionNode } from "./repartition-node.ts";

interface RepartitionOptions<K, V> extends Partitioned<NonNullable<K>, V> {
  /** The topic will be `<application id>-<name>-repartition` (`Repartitioned.as`). */
  readonly name: string;
  /** Number of partitions; by default the greatest of the source topics that feed it. */
  readonly partitions?: number;
  readonly key?: Serde<K>;
  readonly value?: Serde<V>;
}

/**
 * Sends the records through a topic of the application's own, so that equal keys meet in one task
 * (`KStream.repartition`). Records with a null key are left out. A `partitioner` decides instead of the key's
 * murmur2 (`Repartitioned.streamPartitioner`); what is joined with them must be partitioned by it, too. Throws a TopologyError where a serde is not known.
 */
export const repartition =
  <K, V>(
    options: RepartitionOptions<NoInfer<K>, NoInfer<V>>,
  ): ((stage: KStream<K, V>) => KStream<NonNullable<K>, V>) =>
  ({ node }) => {
    const { partitions = 1 } = options;
    if (!Number.isSafeInteger(partitions) || partitions < 1)
      throw new TopologyError(
        `the repartition topic "${options.name}" must have a whole number of partitions, 1 or more, not ${partitions}`,
      );
    return new Stage(
      repartitionNode(node, options.name, {
        operator: "repartition",
        partitions: options.partitions,
        partitioner: options.partitioner as Partitioner<unknown, unknown> | undefined,
        key: erased(options.key) ?? node.key,
        value: erased(options.value) ?? node.value,
      }),
    );
  };
