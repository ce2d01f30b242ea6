import type { GroupCoordinator } from "../../transport/group-coordinator.ts";
import type { Fetcher, FetcherOptions } from "../../transport/fetcher.ts";
import type { ProducerOptions, RecordProducer } from "../../transport/record-producer.ts";
import type { TopicPartition } from "../../transport/topic-partition.ts";
import type { OffsetSpec, TopicMetadata, TopicSpec, Transport } from "../../transport/transport.ts";
import type { NetworkPath } from "./network-path.ts";
import type { SimulatedBroker } from "./simulated-broker.ts";
import { SimulatedFetcher } from "./simulated-fetcher.ts";
import { SimulatedProducer } from "./simulated-producer.ts";

/** One client of a simulated cluster. */
export class SimulatedTransport implements Transport {
  readonly #broker: SimulatedBroker;
  readonly #path: NetworkPath;
  readonly #open = new Set<{ close(): Promise<void> }>();

  constructor(broker: SimulatedBroker, path: NetworkPath) {
    this.#broker = broker;
    this.#path = path;
  }

  connect(): Promise<void> {
    return this.#path.hop();
  }

  async close(): Promise<void> {
    await Promise.all([...this.#open].map((one) => one.close()));
    this.#open.clear();
    this.#path.close();
  }

  /** As if its process were killed: nothing that it does gets anywhere, and nothing comes back to it. */
  crash(): void {
    this.#path.crash();
  }

  /** As if its host were cut off, or the process frozen: nothing gets through until `mend`, and nothing fails. */
  stall(): void {
    this.#path.stall();
  }

  /** As if its connections broke, and every new one too, until `mend`. */
  break(): void {
    this.#path.break();
  }

  mend(): void {
    this.#path.mend();
  }

  describeTopics(topics: readonly string[]): Promise<ReadonlyMap<string, TopicMetadata>> {
    return this.#path.call(() => {
      const found = new Map<string, TopicMetadata>();
      for (const topic of topics) {
        const known = this.#broker.topics.get(topic);
        if (known !== undefined)
          found.set(topic, { topic, topicId: known.topicId, partitions: known.logs.length });
      }
      return found;
    });
  }

  describeTopicConfig(topic: string): Promise<ReadonlyMap<string, string>> {
    return this.#path.call(() => this.#broker.topic(topic).configs);
  }

  createTopics(topics: readonly TopicSpec[]): Promise<void> {
    return this.#path.call(() => {
      for (const topic of topics) this.#broker.createTopic(topic);
    });
  }

  deleteRecords(
    before: readonly { readonly partition: TopicPartition; readonly offset: number }[],
  ): Promise<void> {
    return this.#path.call(() => {
      for (const { partition, offset } of before)
        this.#broker.log(partition.topic, partition.partition).deleteBefore(offset);
    });
  }

  listOffsets(
    partitions: readonly TopicPartition[],
    at: OffsetSpec,
    readCommitted: boolean,
  ): Promise<readonly { readonly partition: TopicPartition; readonly offset: number }[]> {
    return this.#path.call(() =>
      partitions.map(({ topic, partition }) => {
        const log = this.#broker.log(topic, partition);
        const offset = at === "earliest" ? log.startOffset : log.endOffset(readCommitted);
        return { partition: { topic, partition }, offset };
      }),
    );
  }

  createFetcher(options: FetcherOptions): Fetcher {
    const fetcher = new SimulatedFetcher(this.#broker, this.#path, options);
    this.#open.add(fetcher);
    return fetcher;
  }

  createProducer(options: ProducerOptions): Promise<RecordProducer> {
    return this.#path.call(() => {
      const producer = new SimulatedProducer(this.#broker, this.#path, options);
      this.#open.add(producer);
      return producer;
    });
  }

  groupCoordinator(groupId: string): GroupCoordinator {
    const group = this.#broker.group(groupId);
    const path = this.#path;
    return {
      join: (request) => path.call(() => group.join(request)),
      sync: (membership, assignments) => path.call(() => group.sync(membership, assignments)),
      heartbeat: (membership) => path.call(() => group.heartbeat(membership)),
      leave: (membership) => path.call(() => group.leave(membership)),
      fetchOffsets: (partitions) => path.call(() => group.fetchOffsets(partitions)),
      commitOffsets: (membership, offsets) => path.call(() => group.commit(membership, offsets)),
    };
  }
}
