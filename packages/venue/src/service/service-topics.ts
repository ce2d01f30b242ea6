import { MillraceError, type Transport } from "@millrace/streams";
import { demandHourlyDefaults, type VenueTopic } from "../topics.ts";

export interface ServiceTopics {
  /** Topics that others use too, with how they are created when asked for. */
  readonly shared: readonly (readonly [name: string, defaults: VenueTopic])[];
  /** Late and dead-letter topics: created where they are missing. */
  readonly own: readonly string[];
  /** For the message that says how to create a topic. */
  readonly broker: string | undefined;
  /** Creates the shared ones too, with so many partitions. */
  readonly create: { readonly partitions: number } | undefined;
}

/** Creates what is the service's own, and checks the rest. Throws a MillraceError MISSING_TOPIC with what to run. */
export const prepareServiceTopics = async (
  transport: Transport,
  { shared, own, broker = "BROKER", create }: ServiceTopics,
): Promise<void> => {
  const existing = await transport.describeTopics([...shared.map(([name]) => name), ...own]);
  const missing = shared.filter(([name]) => !existing.has(name));
  if (missing.length > 0 && create === undefined)
    throw new MillraceError(
      missing
        .map(
          ([name, { partitions, retentionMs }]) =>
            `topic "${name}" does not exist; run again with --create-topics, or create it: kafka-topics.sh ` +
            `--bootstrap-server ${broker} --create --topic ${name} --partitions ${partitions} ` +
            `--config retention.ms=${retentionMs}`,
        )
        .join("; "),
      { code: "MISSING_TOPIC" },
    );
  await transport.createTopics(
    missing.map(([topic, { partitions, retentionMs }]) => ({
      topic,
      partitions: create?.partitions ?? partitions,
      configs: { "retention.ms": String(retentionMs) },
    })),
  );
  const ownMissing = own.filter((name) => !existing.has(name));
  if (ownMissing.length === 0) return;
  const limits = await Promise.all(shared.map(([name]) => largestBatch(transport, name)));
  await transport.createTopics(
    ownMissing.map((topic) => ({
      topic,
      partitions: 1,
      configs: {
        "retention.ms": String(demandHourlyDefaults.retentionMs),
        "max.message.bytes": String(Math.max(...limits) + headerRoom),
      },
    })),
  );
};

/** What a record may grow by when it is sent on with headers that say why, bytes. */
const headerRoom = 64 * 1024;
/** `max.message.bytes` where a broker does not tell. */
const kafkaDefault = 1_048_588;

const largestBatch = async (transport: Transport, topic: string): Promise<number> =>
  Number((await transport.describeTopicConfig(topic)).get("max.message.bytes") ?? kafkaDefault);
