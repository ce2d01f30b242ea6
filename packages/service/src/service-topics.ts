import { days, MillraceError, type Transport } from "@millrace/streams";

/** A topic that a service shares with others, and how it is created when that is asked for. */
export interface ServiceTopic {
  readonly name: string;
  readonly partitions: number;
  /** As in Kafka: `{ "retention.ms": "604800000" }`. */
  readonly configs?: Readonly<Record<string, string>>;
}

export interface ServiceTopics {
  /** Topics that others use too. */
  readonly shared: readonly ServiceTopic[];
  /** Late and dead-letter topics: created where they are missing. */
  readonly own: readonly string[];
  /** For the message that says how to create a topic. */
  readonly broker: string | undefined;
  /** Creates the shared ones too; `partitions` in place of what each says. */
  readonly create: { readonly partitions?: number | undefined } | undefined;
}

/** Creates what is the service's own, and checks the rest. Throws a MillraceError `MISSING_TOPIC` with what to run. */
export const prepareServiceTopics = async (
  transport: Transport,
  { shared, own, broker = "BROKER", create }: ServiceTopics,
): Promise<void> => {
  const existing = await transport.describeTopics([...shared.map(({ name }) => name), ...own]);
  const missing = shared.filter(({ name }) => !existing.has(name));
  if (missing.length > 0 && create === undefined)
    throw new MillraceError(
      missing
        .map(
          ({ name, partitions, configs = {} }) =>
            `topic "${name}" does not exist; run again with --create-topics, or create it: kafka-topics.sh ` +
            `--bootstrap-server ${broker} --create --topic ${name} --partitions ${partitions}` +
            Object.entries(configs)
              .map(([key, value]) => ` --config ${key}=${value}`)
              .join(""),
        )
        .join("; "),
      { code: "MISSING_TOPIC" },
    );
  await transport.createTopics(
    missing.map(({ name, partitions, configs = {} }) => ({
      topic: name,
      partitions: create?.partitions ?? partitions,
      configs,
    })),
  );
  const ownMissing = own.filter((name) => !existing.has(name));
  if (ownMissing.length === 0) return;
  const limits = await Promise.all(shared.map(({ name }) => largestBatch(transport, name)));
  await transport.createTopics(
    ownMissing.map((topic) => ({
      topic,
      partitions: 1,
      configs: {
        "retention.ms": String(ownRetentionMs),
        "max.message.bytes": String(Math.max(kafkaDefault, ...limits) + headerRoom),
      },
    })),
  );
};

/** How long late records and dead letters are kept, ms: long enough to be found and replayed. */
const ownRetentionMs = days(30);
/** What a record may grow by when it is sent on with headers that say why, bytes. */
const headerRoom = 64 * 1024;
/** `max.message.bytes` where a broker does not tell. */
const kafkaDefault = 1_048_588;

const largestBatch = async (transport: Transport, topic: string): Promise<number> =>
  Number((await transport.describeTopicConfig(topic)).get("max.message.bytes") ?? kafkaDefault);
