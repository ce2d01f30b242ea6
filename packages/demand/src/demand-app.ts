import { schemaRegistry } from "@millrace/avro";
import { connectMongo } from "@millrace/mongo";
import { type App, createApp, kafka, type Log, type Transport } from "@millrace/streams";
import { bookingEventsDefaults, demandHourlyDefaults } from "@millrace/venue";
import { appOptionsOf, prepareServiceTopics, type Service, warnOfStateDir } from "@millrace/venue/service";
import type { CapacityLookup } from "./capacity.ts";
import { type DemandCounters, newDemandCounters } from "./counters.ts";
import type { DemandSettings } from "./demand-settings.ts";
import { demandTopology } from "./demand-topology.ts";
import { type MongoCapacity, mongoCapacity } from "./mongo-capacity.ts";

export interface DemandAppOptions {
  readonly settings: DemandSettings;
  readonly log: Log;
  /** Creates the source and sink topics too where they are missing, with so many partitions. */
  readonly createTopics?: { readonly partitions: number } | undefined;
  /** In place of the one that the settings name. */
  readonly transport?: Transport;
  /** In place of the database that the settings name. */
  readonly capacity?: CapacityLookup;
}

export interface DemandApp extends Service {
  readonly app: App;
}

/** Checks what it needs, creates the topics that are its own, and starts the demand topology. */
export const startDemand = async ({
  settings,
  log,
  createTopics,
  transport = kafka({ ...settings.kafka, log }),
  capacity,
}: DemandAppOptions): Promise<DemandApp> => {
  warnOfStateDir(settings, log);
  const stopping = new AbortController();
  const mongo =
    settings.mongoUri === undefined || capacity !== undefined
      ? undefined
      : await connectMongo(settings.mongoUri, { log });
  const fromMongo =
    mongo && mongoCapacity({ mongo, cache: settings.capacityCache, log, signal: stopping.signal });
  const counters = newDemandCounters();
  const registry = schemaRegistry({ url: settings.registryUrl, log });
  const app = createApp(
    demandTopology({ ...settings, registry, counters, log, capacity: capacity ?? fromMongo?.lookup }),
    { ...appOptionsOf(settings), transport, log },
  );
  const close = async (): Promise<void> => {
    stopping.abort();
    await mongo?.close();
  };
  try {
    await transport.connect();
    await prepareServiceTopics(transport, {
      shared: [
        [settings.bookingEvents, bookingEventsDefaults],
        [settings.demandHourly, demandHourlyDefaults],
      ],
      own: [settings.deadLetter, settings.late].filter((name) => name !== undefined),
      broker: settings.kafka.brokers[0],
      create: createTopics,
    });
    await app.start();
  } catch (error) {
    await transport.close();
    await close();
    throw error;
  }
  return demandService(app, counters, fromMongo, close);
};

const demandService = (
  app: App,
  counters: DemandCounters,
  fromMongo: MongoCapacity | undefined,
  close: () => Promise<void>,
): DemandApp => ({
  app,
  apps: [app],
  get counters() {
    return [
      {
        name: "duplicate_records_total",
        help: "Repeated events that changed nothing",
        value: counters.duplicates,
      },
      {
        name: "unknown_capacity_total",
        help: "Demand records without a known capacity",
        value: counters.unknownCapacity,
      },
    ];
  },
  get troubles() {
    const failing = fromMongo?.failing ?? 0;
    return failing > 0 ? [`MongoDB does not answer for ${failing} sub-locations`] : [];
  },
  stop: async (options) => {
    await app.stop(options);
    await close();
  },
  done: () => app.done(),
});
