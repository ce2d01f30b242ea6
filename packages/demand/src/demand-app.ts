import { schemaRegistry } from "@millrace/avro";
import { type App, createApp, kafka, type Log, MillraceError, type Transport } from "@millrace/streams";
import { bookingEventsDefaults, demandHourlyDefaults, type VenueTopic } from "@millrace/venue";
import type { CapacityLookup } from "./capacity.ts";
import { type DemandCounters, newDemandCounters } from "./counters.ts";
import type { DemandSettings } from "./demand-settings.ts";
import { demandTopology } from "./demand-topology.ts";

export interface DemandAppOptions {
  readonly settings: DemandSettings;
  readonly log: Log;
  /** Creates the source and sink topics too where they are missing, with so many partitions. */
  readonly createTopics?: { readonly partitions: number } | undefined;
  /** In place of the one that the settings name. */
  readonly transport?: Transport;
  readonly capacity?: CapacityLookup;
}

export interface DemandApp {
  readonly app: App;
  readonly counters: DemandCounters;
}

/** Checks what it needs, creates the topics that are its own, and starts the demand topology. */
export const startDemand = async ({
  settings,
  log,
  createTopics,
  transport = kafka({ ...settings.kafka, log }),
  capacity,
}: DemandAppOptions): Promise<DemandApp> => {
  const counters = newDemandCounters();
  const registry = schemaRegistry({ url: settings.registryUrl, log });
  const app = createApp(demandTopology({ ...settings, registry, counters, log, capacity }), {
    transport,
    guarantee: settings.guarantee,
    sessionTimeoutMs: settings.sessionTimeoutMs,
    heartbeatIntervalMs: Math.min(3_000, Math.floor(settings.sessionTimeoutMs / 3)),
    deadLetterTopic: settings.deadLetter,
    ...(settings.late !== undefined && { lateTopic: settings.late }),
    ...(settings.commitIntervalMs !== undefined && { commitIntervalMs: settings.commitIntervalMs }),
    log,
  });
  await transport.connect();
  try {
    await prepare(transport, settings, createTopics?.partitions);
  } catch (error) {
    await transport.close();
    throw error;
  }
  await app.start();
  return { app, counters };
};

const prepare = async (
  transport: Transport,
  settings: DemandSettings,
  partitions?: number,
): Promise<void> => {
  const shared: readonly (readonly [string, VenueTopic])[] = [
    [settings.bookingEvents, bookingEventsDefaults],
    [settings.demandHourly, demandHourlyDefaults],
  ];
  const own = [settings.deadLetter, settings.late].filter((name) => name !== undefined);
  const existing = await transport.describeTopics([...shared.map(([name]) => name), ...own]);
  const missing = shared.filter(([name]) => !existing.has(name));
  if (missing.length > 0 && partitions === undefined)
    throw new MillraceError(
      missing
        .map(
          ([name, { partitions: count, retentionMs }]) =>
            `topic "${name}" does not exist; run again with --create-topics, or create it: kafka-topics.sh ` +
            `--bootstrap-server ${settings.kafka.brokers[0]} --create --topic ${name} --partitions ${count} ` +
            `--config retention.ms=${retentionMs}`,
        )
        .join("; "),
      { code: "MISSING_TOPIC" },
    );
  await transport.createTopics([
    ...missing.map(([topic, { partitions: count, retentionMs }]) => ({
      topic,
      partitions: partitions ?? count,
      configs: { "retention.ms": String(retentionMs) },
    })),
    ...own
      .filter((name) => !existing.has(name))
      .map((topic) => ({
        topic,
        partitions: 1,
        configs: { "retention.ms": String(demandHourlyDefaults.retentionMs) },
      })),
  ]);
};
