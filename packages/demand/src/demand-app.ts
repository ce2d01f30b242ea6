import { schemaRegistry } from "@millrace/avro";
import { connectMongo, type MongoConnection } from "@millrace/mongo";
import { type Service, startService } from "@millrace/service";
import type { Log, Transport } from "@millrace/streams";
import { bookingEventsDefaults, demandHourlyDefaults } from "@millrace/venue";
import { mongoComponent, registryComponent, venueServiceTopic } from "@millrace/venue/service";
import type { CapacityLookup } from "./capacity.ts";
import { newDemandCounters } from "./counters.ts";
import { deadLetterReasons } from "./dead-letter-reasons.ts";
import { demandMetrics } from "./demand-metrics.ts";
import type { DemandSettings } from "./demand-settings.ts";
import { demandTopology } from "./demand-topology.ts";
import { tellOfStricterTopic } from "./stricter-topic.ts";
import { type MongoCapacity, mongoCapacity } from "./mongo-capacity.ts";

/** How the demand topology is started. */
export interface DemandAppOptions {
  readonly settings: DemandSettings;
  readonly log: Log;
  /** Creates the source and sink topics too where they are missing; `partitions` in place of their 6. */
  readonly createTopics?: { readonly partitions?: number | undefined } | undefined;
  /** In place of the one that the settings name. */
  readonly transport?: Transport;
  /** In place of the database that the settings name. */
  readonly capacity?: CapacityLookup;
}

/** Checks what it needs, creates the topics that are its own, and starts the demand topology. */
export const startDemand = ({
  settings,
  log,
  createTopics,
  transport,
  capacity,
}: DemandAppOptions): Promise<Service> => {
  const stopping = new AbortController();
  const counters = newDemandCounters();
  const uri = capacity === undefined ? settings.mongoUri : undefined;
  let mongo: MongoConnection | undefined;
  let fromMongo: MongoCapacity | undefined;
  const connect = async (connectionString: string): Promise<void> => {
    mongo = await connectMongo(connectionString, { log });
    fromMongo = mongoCapacity({ mongo, cache: settings.capacityCache, log, signal: stopping.signal });
  };
  return startService({
    // Its state and MongoDB know what was applied, and history may be imported before anything was read.
    onStateWithoutOffsets: "continue",
    settings,
    log,
    transport,
    createTopics,
    topics: [
      venueServiceTopic(settings.bookingEvents, bookingEventsDefaults, settings.maxAheadMs),
      venueServiceTopic(settings.demandHourly, demandHourlyDefaults),
    ],
    components: [
      registryComponent(settings.registry),
      ...(uri === undefined ? [] : [mongoComponent(uri, () => connect(uri))]),
    ],
    topology: async (connected) => {
      await tellOfStricterTopic(connected, settings, log);
      return demandTopology({
        ...settings,
        registry: schemaRegistry({ ...settings.registry, log }),
        counters,
        log,
        capacity: capacity ?? fromMongo?.lookup,
      });
    },
    metrics: () => demandMetrics(counters),
    troubles: () => {
      const failing = fromMongo?.failing ?? 0;
      return failing > 0 ? [`MongoDB does not answer for ${failing} sub-locations`] : [];
    },
    deadLetterReasons,
    close: async () => {
      stopping.abort();
      await mongo?.close();
    },
  });
};
