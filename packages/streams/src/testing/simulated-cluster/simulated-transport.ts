import type { CallOptions } from "../../transport/call-options.ts";
import type { GroupCoordinator } from "../../transport/group-coordinator.ts";
import type { Fetcher, FetcherOptions } from "../../transport/fetcher.ts";
import type { HealthEvent } from "../../transport/health-event.ts";
import type { ProducerOptions, RecordProducer } from "../../transport/record-producer.ts";
import type { TopicPartition } from "../../transport/topic-partition.ts";
import { TransportError } from "../../transport/transport-error.ts";
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

  /** The simulated network has no brokers that could be told apart: nothing is ever told. */
  onHealth(_listener: (event: HealthEvent) => void): () => void {
    return () => undefined;
  }

  listTopics(): Promise<readonly string[]> {
    return this.#path.call(() => [...this.#broker.topics.keys()].toSorted());
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
    const call = <T>(body: () => T | Promise<T>, options: CallOptions | undefined): Promise<T> =>
      this.#within(options?.timeoutMs, this.#path.call(body));
    return {
      join: (request, options) => call(() => group.join(request), options),
      sync: (membership, assignments, options) => call(() => group.sync(membership, assignments), options),
      heartbeat: (membership, options) => call(() => group.heartbeat(membership), options),
      leave: (membership, options) => call(() => group.leave(membership), options),
      fetchOffsets: (partitions, options) => call(() => group.fetchOffsets(partitions), options),
      commitOffsets: (membership, offsets, options) => call(() => group.commit(membership, offsets), options),
    };
  }

  async #within<T>(timeoutMs: number | undefined, answer: Promise<T>): Promise<T> {
    if (timeoutMs === undefined) return answer;
    const { clock } = this.#broker;
    let timer: unknown;
    const overdue = new Promise<never>((_, reject) => {
      timer = clock.setTimeout(
        () => reject(new TransportError(`no answer within ${timeoutMs} ms`, "NETWORK", "retry")),
        timeoutMs,
      );
    });
    try {
      return await Promise.race([answer, overdue]);
    } finally {
      clock.clearTimeout(timer);
    }
  }
}
