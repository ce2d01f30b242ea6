import { noHeaders, type RecordProducer, type Transport, TransportError } from "@millrace/streams";

/** One topic of one broker, in memory, with the troubles that a producer can have with it. */
export interface FlakyKafka {
  readonly transport: Transport;
  /** Keys in the order of their arrival, by partition. */
  readonly log: readonly (readonly string[])[];
  readonly records: readonly { readonly key: string; readonly value: Buffer; readonly timestamp: number }[];
  /** While set: nobody answers. */
  down: boolean;
  /** The next so many flushes arrive, and their answers get lost. */
  loseAnswers: number;
  /** While set: what is flushed stays on the wire until `release` or the producer's end. */
  stuck: boolean;
  /** Kafka's name of the error that every flush with this key gets; that key alone is at fault. */
  refusedKey:
    | { readonly key: string; readonly kafkaError: string; readonly rank: TransportError["rank"] }
    | undefined;
  topicExists: boolean;
  readonly producersOpened: number;
  readonly batches: readonly number[];
  release(): void;
}

interface Appended {
  readonly partition: number;
  readonly key: string;
  readonly value: Buffer;
  readonly timestamp: number;
}

const never = (): never => {
  throw new Error("a publisher has no use for this");
};

// A function, as the state changes while a flush waits.
const isClosed = ({ state }: { readonly state: string }): boolean => state === "closed";

const network = (): TransportError => new TransportError("nobody answers", "NETWORK", "retry");

export const flakyKafka = (topic: string, partitions = 2): FlakyKafka => {
  const log: string[][] = Array.from({ length: partitions }, () => []);
  const records: Appended[] = [];
  const batches: number[] = [];
  const onWire = new Set<() => void>();
  let producersOpened = 0;

  const producer = (): RecordProducer => {
    let appended: Appended[] = [];
    const life: { state: "usable" | "void" | "closed" } = { state: "usable" };
    let end: (() => void) | undefined;
    const send: RecordProducer["flush"] = async () => {
      if (life.state !== "usable") throw new TransportError("a flush failed before", "VOID", "void");
      const batch = appended;
      appended = [];
      try {
        if (kafka.stuck)
          await new Promise<void>((resolve) => {
            end = resolve;
            onWire.add(resolve);
          });
        if (kafka.down || isClosed(life)) throw network();
        const { refusedKey } = kafka;
        if (refusedKey !== undefined && batch.some(({ key }) => key === refusedKey.key))
          throw new TransportError("refused", refusedKey.kafkaError, refusedKey.rank);
        batches.push(batch.length);
        for (const record of batch) log[record.partition]?.push(record.key);
        records.push(...batch);
        if (kafka.loseAnswers > 0) {
          kafka.loseAnswers--;
          throw network();
        }
        return { endOffsets: new Map() };
      } catch (error) {
        if (!isClosed(life)) life.state = "void";
        throw error;
      }
    };
    return {
      identity: { producerId: 0n, producerEpoch: 0 },
      bufferedBytes: 0,
      append: (name, partition, key, value, timestamp, headers) => {
        if (name !== topic || headers !== noHeaders) throw new Error("not what a publisher writes");
        if ((value?.length ?? 0) > 100_000)
          throw new TransportError("too large", "MESSAGE_TOO_LARGE", "record");
        appended.push({
          partition,
          key: Buffer.from(key ?? []).toString(),
          value: Buffer.from(value ?? []),
          timestamp,
        });
      },
      commit: send,
      flush: send,
      close: async () => {
        life.state = "closed";
        end?.();
      },
      prepareTopics: async () => {
        if (kafka.down) throw network();
      },
    };
  };

  const kafka: FlakyKafka = {
    log,
    records,
    batches,
    down: false,
    loseAnswers: 0,
    stuck: false,
    refusedKey: undefined,
    topicExists: true,
    get producersOpened() {
      return producersOpened;
    },
    release: () => {
      kafka.stuck = false;
      for (const resolve of onWire) resolve();
      onWire.clear();
    },
    transport: {
      connect: async () => {
        if (kafka.down) throw network();
      },
      close: async () => undefined,
      describeTopics: async () => {
        if (kafka.down) throw network();
        return new Map(
          kafka.topicExists ? [[topic, { topic, topicId: "flaky", partitions, replicationFactor: 1 }]] : [],
        );
      },
      createProducer: async ({ transactionalId }) => {
        if (transactionalId !== undefined) throw new Error("a publisher is idempotent, not transactional");
        if (kafka.down) throw network();
        producersOpened++;
        return producer();
      },
      onHealth: never,
      listTopics: never,
      describeTopicConfig: async () => {
        if (kafka.down) throw network();
        return new Map([["message.timestamp.after.max.ms", "3600000"]]);
      },
      createTopics: never,
      deleteTopics: never,
      deleteRecords: never,
      listOffsets: never,
      createFetcher: never,
      groupCoordinator: never,
    },
  };
  return kafka;
};
