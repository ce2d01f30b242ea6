import { randomUUID } from "node:crypto";
import { type Headers, noHeaders } from "../../record.ts";
import type { Fetcher, FetcherOptions } from "../../transport/fetcher.ts";
import type { GroupCoordinator, GroupMembership } from "../../transport/group-coordinator.ts";
import type { ProducerOptions, RecordProducer } from "../../transport/record-producer.ts";
import { TransportError } from "../../transport/transport-error.ts";
import type { Transport } from "../../transport/transport.ts";

/** A cluster as the contract sees it. */
export interface Cluster {
  readonly transport: Transport;
  close(): Promise<void>;
  /** Lets that much of the cluster's time pass, ms; without it real time passes. */
  readonly pass?: (ms: number) => Promise<void>;
  /** Compacts a topic now; without it the cluster is expected to do so by itself within a minute. */
  readonly compact?: (topic: string) => Promise<void>;
  /** Time of the brokers, ms since the epoch; the system's without it. */
  readonly now?: () => number;
  /** Deletes a topic; what needs it is left out without it. */
  readonly deleteTopic?: (topic: string) => Promise<void>;
  /** Makes it a topic of that many partitions; what needs it is left out without it. */
  readonly addPartitions?: (topic: string, partitions: number) => Promise<void>;
}

export type RegisterTest = (name: string, body: () => Promise<void>) => void;

export interface ReadRecord {
  readonly offset: number;
  readonly timestamp: number;
  readonly key: string | null;
  readonly value: string | null;
  readonly headers: Headers;
}

/** Registers a test that gets a workbench of its own. */
export const contractTest =
  (makeTransport: () => Promise<Cluster>, register: RegisterTest) =>
  (behaviour: string, body: (bench: Workbench) => Promise<void>): void =>
    register(behaviour, async () => {
      const bench = new Workbench(await makeTransport());
      try {
        await body(bench);
      } finally {
        await bench.close();
      }
    });

const nobody: GroupMembership = { groupId: "", generationId: -1, memberId: "", groupInstanceId: null };
/** How long a test waits for what has to happen, ms. */
const patienceMs = 20_000;

/** What the contract's tests have in common: topics, producers and reading without ceremony. */
export class Workbench {
  readonly transport: Transport;
  readonly cluster: Cluster;
  readonly #open: { close(): Promise<void> }[] = [];

  constructor(cluster: Cluster) {
    this.cluster = cluster;
    this.transport = cluster.transport;
  }

  async close(): Promise<void> {
    for (const one of this.#open) await one.close();
    await this.cluster.close();
  }

  now(): number {
    return this.cluster.now?.() ?? Date.now();
  }

  pass(ms: number): Promise<void> {
    return this.cluster.pass?.(ms) ?? new Promise((resolve) => setTimeout(resolve, ms));
  }

  compact(topic: string): Promise<void> | undefined {
    return this.cluster.compact?.(topic);
  }

  /** Asks again until there is an answer. */
  async until<T>(
    what: string,
    ask: () => Promise<T | undefined> | T | undefined,
    withinMs: number = patienceMs,
  ): Promise<T> {
    for (let waited = 0; waited <= withinMs; waited += 20) {
      const answer = await ask();
      if (answer !== undefined) return answer;
      await this.pass(20);
    }
    throw new Error(`waited ${withinMs} ms in vain until ${what}`);
  }

  async topic(partitions = 1, configs: Readonly<Record<string, string>> = {}): Promise<string> {
    const topic = `contract-${randomUUID()}`;
    await this.transport.createTopics([{ topic, partitions, configs: { "retention.ms": "-1", ...configs } }]);
    return topic;
  }

  async producer(topics: readonly string[], options: Partial<ProducerOptions> = {}): Promise<RecordProducer> {
    const producer = await this.transport.createProducer({
      transactionTimeoutMs: 60_000,
      compression: "none",
      ...options,
    });
    this.#open.push(producer);
    await producer.prepareTopics(topics);
    return producer;
  }

  /** A producer in the middle of a transaction: its records are in the log, and it is open until it is closed. */
  async openTransaction(
    topic: string,
    values: readonly string[],
    options: Partial<ProducerOptions> = {},
  ): Promise<RecordProducer> {
    const producer = await this.producer([topic], {
      transactionalId: `contract-${randomUUID()}`,
      ...options,
    });
    appendAll(producer, topic, 0, values);
    const stranger = {
      ...nobody,
      groupId: `contract-${randomUUID()}`,
      generationId: 7,
      memberId: "stranger",
    };
    const failure = await rejection(
      producer.commit(stranger, [{ topic, partition: 0, offset: 0, leaderEpoch: -1, metadata: "" }]),
    );
    if (!["UNKNOWN_MEMBER_ID", "ILLEGAL_GENERATION"].includes(failure.kafkaError)) throw failure;
    return producer;
  }

  /** Writes with an idempotent producer of its own. */
  async write(topic: string, values: readonly string[], partition = 0, timestamp = 1_000): Promise<void> {
    const producer = await this.producer([topic]);
    appendAll(producer, topic, partition, values, timestamp);
    await producer.flush();
  }

  fetcher(options: Partial<FetcherOptions> = {}): Fetcher {
    const fetcher = this.transport.createFetcher({
      readCommitted: true,
      maxWaitMs: 50,
      maxBytesPerPartition: 1 << 20,
      maxBytes: 16 << 20,
      maxBufferedBytesPerPartition: 4 << 20,
      maxBufferedBytes: 64 << 20,
      onAvailable: () => undefined,
      ...options,
    });
    this.#open.push(fetcher);
    return fetcher;
  }

  /** Waits until no transaction holds the end of the partition: a commit is answered before it is seen. */
  async settled(topic: string, partition = 0): Promise<void> {
    await this.until("the end is stable", async () => {
      const stable = await this.end(topic, true, partition);
      return stable === (await this.end(topic, false, partition)) ? true : undefined;
    });
  }

  /** All records from an offset up to the end as it is now. */
  async read(
    topic: string,
    from = 0,
    options: Partial<FetcherOptions> = {},
    partition = 0,
  ): Promise<ReadRecord[]> {
    const { records } = await this.readChunks(topic, from, options, partition);
    return records;
  }

  async readChunks(
    topic: string,
    from = 0,
    options: Partial<FetcherOptions> = {},
    partition = 0,
  ): Promise<{ readonly records: ReadRecord[]; readonly chunks: number; readonly position: number }> {
    const end = await this.end(topic, options.readCommitted ?? true, partition);
    const fetcher = this.fetcher(options);
    fetcher.add(topic, partition, from);
    const records: ReadRecord[] = [];
    let position = from;
    let chunks = 0;
    while (position < end) {
      const chunk = await this.until(`${topic}-${partition} is read from ${position} to ${end}`, () =>
        fetcher.take(topic, partition),
      );
      chunks++;
      position = chunk.nextOffset;
      const { records: reader } = chunk;
      while (reader.advance()) {
        const { buffer, keyStart, keyEnd, valueStart, valueEnd, offset, timestamp } = reader;
        records.push({
          offset,
          timestamp,
          key: keyStart < 0 ? null : buffer.toString("utf8", keyStart, keyEnd),
          value: valueStart < 0 ? null : buffer.toString("utf8", valueStart, valueEnd),
          headers: reader.headers(),
        });
      }
    }
    await fetcher.close();
    return { records, chunks, position };
  }

  async values(topic: string, from = 0, options: Partial<FetcherOptions> = {}): Promise<(string | null)[]> {
    return (await this.read(topic, from, options)).map(({ value }) => value);
  }

  async end(topic: string, readCommitted: boolean, partition = 0): Promise<number> {
    const [found] = await this.transport.listOffsets([{ topic, partition }], "latest", readCommitted);
    return found?.offset ?? -1;
  }

  /** The only member of a new group. */
  async soleMember(): Promise<{
    readonly coordinator: GroupCoordinator;
    readonly membership: GroupMembership;
  }> {
    const groupId = `contract-${randomUUID()}`;
    const coordinator = this.transport.groupCoordinator(groupId);
    const { generationId, memberId } = await coordinator.join(joinRequest());
    const membership = { groupId, generationId, memberId, groupInstanceId: null };
    await coordinator.sync(membership, [{ memberId, assignment: Buffer.from("all") }]);
    return { coordinator, membership };
  }
}

/** One record per value, the value also being its key. */
export const appendAll = (
  producer: RecordProducer,
  topic: string,
  partition: number,
  values: readonly string[],
  timestamp = 1_000,
): void => {
  for (const [index, value] of values.entries())
    producer.append(topic, partition, Buffer.from(value), Buffer.from(value), timestamp + index, noHeaders);
};

export const joinRequest = (
  memberId = "",
  groupInstanceId: string | null = null,
): Parameters<GroupCoordinator["join"]>[0] => ({
  memberId,
  groupInstanceId,
  sessionTimeoutMs: 10_000,
  rebalanceTimeoutMs: 10_000,
  // Version 1, no topics, no user data: brokers may look into a consumer's subscription.
  protocols: [{ name: "contract", metadata: Buffer.from("0001000000000000000000000000", "hex") }],
});

/** The TransportError that a call rejects with. */
export const rejection = async (call: Promise<unknown>): Promise<TransportError> => {
  try {
    await call;
  } catch (error) {
    if (error instanceof TransportError) return error;
    throw error;
  }
  throw new Error("it was expected to reject, and did not");
};

/** The values from `first` to `last`, each with that many bytes at least. */
export const numbered = (first: number, last: number, bytes = 0): readonly string[] =>
  Array.from({ length: last - first + 1 }, (_, index) => String(first + index).padStart(bytes, "0"));
