import { type CapacityLookup, startDemand } from "@millrace/demand";
import type { Log, Transport } from "@millrace/streams";
import { startSurge, type SurgeStore } from "@millrace/surge";
import { type Service, stopWithinMs } from "@millrace/service";
import type { VenueSettings } from "./venue-settings.ts";

/** How both topologies are started in one process. */
export interface VenueServiceOptions {
  readonly settings: VenueSettings;
  readonly log: Log;
  /** Creates the topics of the venue too where they are missing, with so many partitions. */
  readonly createTopics?: { readonly partitions?: number | undefined } | undefined;
  /** In place of those that the settings name: called once for each topology. */
  readonly transport?: () => Transport;
  /** In place of the database that the settings name, without which there can only be a dry run. */
  readonly withoutDatabase?: { readonly capacity: CapacityLookup; readonly store: SurgeStore } | undefined;
}

/** Starts both topologies in this process. If one ends, the other is stopped. */
export const startVenue = async ({
  settings,
  log,
  createTopics,
  transport,
  withoutDatabase,
}: VenueServiceOptions): Promise<Service> => {
  const demand = await startDemand({
    settings: settings.demand,
    log,
    createTopics,
    ...(transport && { transport: transport() }),
    ...(withoutDatabase && { capacity: withoutDatabase.capacity }),
  });
  let surge: Service;
  try {
    surge = await startSurge({
      settings: settings.surge,
      log,
      createTopics,
      ...(transport && { transport: transport() }),
      ...(withoutDatabase && { store: withoutDatabase.store }),
    });
  } catch (error) {
    await demand.stop();
    throw error;
  }
  return both(demand, surge);
};

const both = (demand: Service, surge: Service): Service => {
  const services = [demand, surge];
  const stop: Service["stop"] = async (options) =>
    void (await Promise.all(services.map((service) => service.stop(options))));
  return {
    applications: services.flatMap(({ applications }) => applications),
    stop,
    done: async () => {
      const [first] = await Promise.allSettled([Promise.race(services.map((service) => service.done()))]);
      await stop({ timeoutMs: stopWithinMs });
      if (first.status === "rejected") throw first.reason;
    },
  };
};
