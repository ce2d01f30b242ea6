import type { GroupCoordinator } from "../../../transport/group-coordinator.ts";
import type { Fetcher, FetcherOptions } from "../../../transport/fetcher.ts";
import type { HealthEvent } from "../../../transport/health-event.ts";
import type { ProducerOptions, RecordProducer } from "../../../transport/record-producer.ts";
import type { TopicPartition } from "../../../transport/topic-partition.ts";
import type { OffsetSpec, TopicMetadata, TopicSpec, Transport } from "../../../transport/transport.ts";
import type { SimulatedBrokers } from "../broker/simulated-brokers.ts";
import { atLeaders } from "./at-leaders.ts";
import { ClusterView } from "./cluster-view.ts";
import { Link, type LinkOptions } from "./link.ts";
import { SimulatedFetcher } from "./simulated-fetcher.ts";
import { SimulatedGroupCoordinator } from "./simulated-group-coordinator.ts";
import { SimulatedProducer } from "./simulated-producer.ts";

/** One client of a simulated cluster. */
export class SimulatedTransport implements Transport {
  readonly #brokers: SimulatedBrokers;
  readonly #link: Link;
  readonly #view: ClusterView;
  readonly #open = new Set<{ close(): Promise<void> }>();

  constructor(options: LinkOptions) {
    this.#brokers = options.brokers;
    this.#link = new Link(options);
    this.#view = new ClusterView(options.process, options.brokers, this.#link);
  }

  async connect(): Promise<void> {
    await this.#view.retrying(() => this.#view.any("ApiVersions", () => undefined), { forMs: 10_000 });
  }

  async close(): Promise<void> {
    await Promise.all([...this.#open].map((one) => one.close()));
    this.#open.clear();
    this.#link.close();
  }

  /** Cuts it off: nothing gets through until `mend`, and nothing fails before its time-out. */
  cut(): void {
    this.#link.cut();
  }

  /** Breaks its connections, and every new one too, until `mend`. */
  break(): void {
    this.#link.break();
  }

  /** Ends `cut` and `break`. */
  mend(): void {
    this.#link.mend();
  }

  onHealth(listener: (event: HealthEvent) => void): () => void {
    return this.#link.onHealth(listener);
  }

  listTopics(): Promise<readonly string[]> {
    return this.#ask("Metadata", () => [...this.#brokers.topics.keys()].toSorted());
  }

  describeTopics(topics: readonly string[]): Promise<ReadonlyMap<string, TopicMetadata>> {
    return this.#ask("Metadata", () => {
      const found = new Map<string, TopicMetadata>();
      for (const topic of topics) {
        const known = this.#brokers.topics.get(topic);
        if (known !== undefined)
          found.set(topic, {
            topic,
            topicId: known.topicId,
            partitions: known.logs.length,
            replicationFactor: known.replicationFactor,
          });
      }
      return found;
    });
  }

  describeTopicConfig(
    topic: string,
    which: "effective" | "own" = "effective",
  ): Promise<ReadonlyMap<string, string>> {
    return this.#ask("DescribeConfigs", () => {
      const { configs, ownConfigs } = this.#brokers.topic(topic);
      return new Map(which === "own" ? ownConfigs : configs);
    });
  }

  createTopics(topics: readonly TopicSpec[]): Promise<void> {
    return this.#ask("CreateTopics", () => {
      for (const topic of topics) this.#brokers.createTopic(topic);
    });
  }

  deleteTopics(topics: readonly string[]): Promise<void> {
    return this.#ask("DeleteTopics", () => {
      for (const topic of topics) this.#brokers.deleteTopic(topic);
    });
  }

  async deleteRecords(
    before: readonly { readonly partition: TopicPartition; readonly offset: number }[],
  ): Promise<void> {
    await atLeaders(
      this.#view,
      before,
      ({ partition }) => partition,
      "DeleteRecords",
      (node, { partition: { topic, partition }, offset }) => {
        this.#brokers.hiccup(`deleting records of ${topic}-${partition}`);
        this.#brokers.logAt(node, topic, partition).deleteBefore(offset);
      },
    );
  }

  async listOffsets(
    partitions: readonly TopicPartition[],
    at: OffsetSpec,
    readCommitted: boolean,
  ): Promise<readonly { readonly partition: TopicPartition; readonly offset: number }[]> {
    const offsets = await atLeaders(
      this.#view,
      partitions,
      (partition) => partition,
      "ListOffsets",
      (node, { topic, partition }) => {
        this.#brokers.hiccup(`offsets of ${topic}-${partition}`);
        const log = this.#brokers.logAt(node, topic, partition);
        if (typeof at === "number") return log.offsetAt(at, readCommitted);
        return at === "earliest" ? log.startOffset : log.endOffset(readCommitted);
      },
    );
    return partitions.map((asked) => ({
      partition: { topic: asked.topic, partition: asked.partition },
      offset: offsets.get(asked) ?? -1,
    }));
  }

  createFetcher(options: FetcherOptions): Fetcher {
    const fetcher = new SimulatedFetcher(this.#brokers, this.#view, options);
    this.#open.add(fetcher);
    return fetcher;
  }

  async createProducer(options: ProducerOptions): Promise<RecordProducer> {
    const producer = await SimulatedProducer.open(this.#brokers, this.#view, options);
    this.#open.add(producer);
    return producer;
  }

  groupCoordinator(groupId: string): GroupCoordinator {
    return new SimulatedGroupCoordinator(this.#brokers, this.#view, groupId);
  }

  #ask<T>(request: string, body: () => T): Promise<T> {
    return this.#view.retrying(() => this.#view.any(request, body));
  }
}
