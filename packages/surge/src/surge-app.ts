import { schemaRegistry } from "@millrace/avro";
import { MongoError } from "@millrace/mongo";
import { type Service, startService } from "@millrace/service";
import { type Log, MillraceError, type Transport } from "@millrace/streams";
import { demandHourlyDefaults } from "@millrace/venue";
import { mongoComponent, registryComponent, venueServiceTopic } from "@millrace/venue/service";
import { deadLetterReasons } from "./dead-letter-reasons.ts";
import { DecisionJournal } from "./decision-journal.ts";
import { newSurgeCounters } from "./surge-counters.ts";
import { SurgeDatabase } from "./surge-database.ts";
import { surgeMetrics } from "./surge-metrics.ts";
import type { SurgeStore } from "./surge-store.ts";
import type { SurgeSettings } from "./surge-settings.ts";
import { surgeTopology } from "./surge-topology.ts";

/** How the surge topology is started. */
export interface SurgeAppOptions {
  readonly settings: SurgeSettings;
  readonly log: Log;
  /** Creates the demand topic too where it is missing; `partitions` in place of its 6. */
  readonly createTopics?: { readonly partitions?: number | undefined } | undefined;
  /** In place of the one that the settings name. */
  readonly transport?: Transport;
  /** In place of the database that the settings name. */
  readonly store?: SurgeStore | undefined;
}

/** Checks what it needs, creates what is its own, and starts the surge topology. */
export const startSurge = ({
  settings,
  log,
  createTopics,
  transport,
  store,
}: SurgeAppOptions): Promise<Service> => {
  const { policy, demandHourly } = settings;
  const uri = store === undefined ? settings.mongoUri : undefined;
  const counters = newSurgeCounters();
  const journal = new DecisionJournal();
  let opened: SurgeDatabase | undefined;
  let database = store;
  const open = async (connectionString: string): Promise<void> => {
    database = opened = await SurgeDatabase.open({
      uri: connectionString,
      log,
      processedEventsTtlDays: settings.processedEventsTtlDays,
      cache: settings.capacityCache,
    });
  };
  return startService({
    // Its state and MongoDB know what was applied.
    onStateWithoutOffsets: "continue",
    settings,
    log,
    transport,
    createTopics,
    topics: [venueServiceTopic(demandHourly, demandHourlyDefaults)],
    components: [
      registryComponent(settings.registry),
      ...(uri === undefined ? [] : [mongoComponent(uri, () => open(uri))]),
    ],
    topology: async (connected) => {
      // Not while it is reached: to build them may take longer than an answer.
      if (!policy.dryRun) await opened?.createIndexes();
      return surgeTopology({
        applicationId: settings.applicationId,
        registry: schemaRegistry({ ...settings.registry, log }),
        demandHourly,
        topicId: await topicIdOf(connected, demandHourly),
        database,
        policy,
        timeZone: settings.timeZone,
        counters,
        journal,
        log,
        now: Date.now,
      });
    },
    handlers: {
      // What MongoDB refuses for good is this record's doing; anything else is not.
      processing: ({ cause }) =>
        cause instanceof MongoError && cause.code === "MONGO_WRITE" ? "deadLetter" : "fail",
    },
    metrics: () => surgeMetrics(counters),
    decisions: () => journal.decisions,
    troubles: () => (database === undefined || database.healthy ? [] : ["MongoDB does not answer"]),
    deadLetterReasons,
    close: async () => database?.close(),
  });
};

const topicIdOf = async (transport: Transport, topic: string): Promise<string> => {
  const described = (await transport.describeTopics([topic])).get(topic);
  if (described === undefined)
    throw new MillraceError(`topic "${topic}" has gone while starting`, { code: "MISSING_TOPIC" });
  return described.topicId;
};
