import type { SchemaRegistry } from "@millrace/avro";
import {
  aggregate,
  filter,
  flatMapValues,
  foreach,
  groupBy,
  groupByKey,
  hours,
  mapAsync,
  process,
  processValues,
  reduce,
  stream,
  type Topology,
  topology,
  toStream,
  tumbling,
  windowedBy,
} from "@millrace/streams";
import { demandHourlyTopic } from "@millrace/venue";
import { applyLocation } from "./apply-location.ts";
import { applyMetric } from "./apply-metric.ts";
import { addMember, emptyLocation, subtractMember } from "./location-demand.ts";
import { DraftMemory } from "./draft-memory.ts";
import { locationKey, locationKeySerde, readLocationKey } from "./location-key.ts";
import { locationMemory } from "./location-memory.ts";
import { locationPressure } from "./location-pressure.ts";
import { locationsStore, memberOfLocationSerde, memberSerde } from "./location-stores.ts";
import { newestMember } from "./newest-member.ts";
import type { PricingOptions } from "./pricing.ts";
import { summed } from "./summed.ts";
import { validateMetric } from "./validate-metric.ts";
import { withPosition } from "./with-position.ts";

/** What the surge topology is made from. */
export interface SurgeOptions extends Omit<PricingOptions, "drafts"> {
  readonly applicationId: string;
  readonly registry: SchemaRegistry;
  readonly demandHourly: string;
  /** Of the demand topic: what was applied of one that had its name before is another's. */
  readonly topicId: string;
}

/** Calls to MongoDB under way in one task. */
const concurrency = 256;

/** Hourly demand in; surge configs, draft ratesheets and history in MongoDB out. */
export const surgeTopology = (given: SurgeOptions): Topology => {
  const options = { ...given, drafts: new DraftMemory() };
  const demandHourly = demandHourlyTopic({
    registry: options.registry,
    name: options.demandHourly,
    // Windows of the locations are the metrics' own hours.
    timestamp: ({ key, value }) => {
      validateMetric(key, value);
      return value.hour;
    },
  });

  return topology(
    options.applicationId,
    stream(demandHourly)
      .pipe(
        processValues(withPosition),
        mapAsync(applyMetric(options.topicId, options), { concurrency, value: memberOfLocationSerde }),
        filter(({ locationId }) => locationId !== ""),
        // The newest metric of each sub-location and hour ...
        groupByKey(),
        windowedBy(tumbling(hours(1), { grace: locationMemory })),
        reduce({ store: "members", add: newestMember }),
        // ... makes up its location, which it leaves again when a newer one comes.
        groupBy(({ locationId, ...member }) => [locationKey(locationId, member.hour), member], {
          key: locationKeySerde,
          value: memberSerde,
        }),
        aggregate({
          store: locationsStore,
          value: locationsStore.value,
          init: emptyLocation,
          add: addMember,
          subtract: subtractMember,
        }),
        toStream(),
      )
      .pipe(
        mapAsync(summed(options.database), { concurrency }),
        flatMapValues((summary) => (summary === undefined ? [] : [summary])),
        process(locationPressure(options.timeZone)),
        // In order per location, not per hour: an hour's params and smoothing build on those of the hour before.
        mapAsync(applyLocation(options), {
          concurrency,
          orderBy: (key) => readLocationKey(key).locationId,
        }),
        foreach(() => undefined),
      ),
  );
};
