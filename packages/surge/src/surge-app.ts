import { schemaRegistry } from "@millrace/avro";
import { MongoError } from "@millrace/mongo";
import { type App, createApp, kafka, type Log, MillraceError, type Transport } from "@millrace/streams";
import { demandHourlyDefaults } from "@millrace/venue";
import {
  appOptionsOf,
  prepareServiceTopics,
  type Service,
  type ServiceCounter,
  warnOfStateDir,
} from "@millrace/venue/service";
import { newSurgeCounters, type SurgeCounters } from "./surge-counters.ts";
import { SurgeDatabase } from "./surge-database.ts";
import type { SurgeStore } from "./surge-store.ts";
import type { SurgeSettings } from "./surge-settings.ts";
import { surgeTopology } from "./surge-topology.ts";

export interface SurgeAppOptions {
  readonly settings: SurgeSettings;
  readonly log: Log;
  /** Creates the demand topic too where it is missing, with so many partitions. */
  readonly createTopics?: { readonly partitions: number } | undefined;
  /** In place of the one that the settings name. */
  readonly transport?: Transport;
  /** In place of the database that the settings name. */
  readonly store?: SurgeStore | undefined;
}

export interface SurgeApp extends Service {
  readonly app: App;
}

/** Checks what it needs, creates what is its own, and starts the surge topology. */
export const startSurge = async ({
  settings,
  log,
  createTopics,
  transport = kafka({ ...settings.kafka, log }),
  store,
}: SurgeAppOptions): Promise<SurgeApp> => {
  warnOfStateDir(settings, log);
  const { policy, mongoUri } = settings;
  const database =
    store !== undefined || mongoUri === undefined
      ? store
      : await SurgeDatabase.open({
          uri: mongoUri,
          log,
          processedEventsTtlDays: settings.processedEventsTtlDays,
          cache: settings.capacityCache,
          readOnly: policy.dryRun,
        });
  const counters = newSurgeCounters();
  try {
    await transport.connect();
    await prepareServiceTopics(transport, {
      shared: [[settings.demandHourly, demandHourlyDefaults]],
      own: [settings.deadLetter, settings.late].filter((name) => name !== undefined),
      broker: settings.kafka.brokers[0],
      create: createTopics,
    });
    const described = (await transport.describeTopics([settings.demandHourly])).get(settings.demandHourly);
    if (described === undefined)
      throw new MillraceError(`topic "${settings.demandHourly}" has gone while starting`, {
        code: "MISSING_TOPIC",
      });
    const app = createApp(
      surgeTopology({
        applicationId: settings.applicationId,
        registry: schemaRegistry({ url: settings.registryUrl, log }),
        demandHourly: settings.demandHourly,
        topicId: described.topicId,
        database,
        policy,
        timeZone: settings.timeZone,
        counters,
        log,
        now: Date.now,
      }),
      {
        ...appOptionsOf(settings),
        transport,
        log,
        handlers: {
          // What MongoDB refuses for good is this record's doing; anything else is not.
          processing: ({ cause }) =>
            cause instanceof MongoError && cause.code === "MONGO_WRITE" ? "deadLetter" : "fail",
        },
      },
    );
    await app.start();
    return surgeService(app, counters, database);
  } catch (error) {
    await transport.close();
    await database?.close();
    throw error;
  }
};

const surgeService = (app: App, counters: SurgeCounters, database: SurgeStore | undefined): SurgeApp => ({
  app,
  apps: [app],
  get counters() {
    return surgeCounters(counters);
  },
  get troubles() {
    return database === undefined || database.healthy ? [] : ["MongoDB does not answer"];
  },
  stop: async (options) => {
    await app.stop(options);
    await database?.close();
  },
  done: () => app.done(),
});

const surgeCounters = ({ drafts, repeated, skipped }: SurgeCounters): readonly ServiceCounter[] => [
  { name: "surge_drafts_total", help: "Draft ratesheets decided on", value: drafts },
  { name: "surge_repeated_total", help: "Metrics that had been applied before", value: repeated },
  {
    name: "surge_skipped_total",
    help: "Configs that got no draft for a metric",
    value: [...skipped.values()].reduce((sum, count) => sum + count, 0),
  },
];
