import type { EffectWrite } from "@millrace/mongo";
import type { DemandHourly } from "@millrace/venue";
import { type DemandHistoryDocument, demandHistoryDocument } from "./demand-history-document.ts";
import { demandSnapshot } from "./demand-snapshot.ts";
import { type LocationMember, locationMember } from "./location-demand.ts";
import { priceAndApply } from "./price-and-apply.ts";
import type { PricingOptions } from "./pricing.ts";

/** A metric and where its record was read. */
export interface PositionedMetric {
  readonly metric: DemandHourly;
  readonly partition: number;
  readonly offset: number;
}

/** A location's member, and the location that it belongs to. */
export interface MemberOfLocation extends LocationMember {
  /** "": none. */
  readonly locationId: string;
}

/**
 * Does what one metric does by itself: history, and its SUBLOCATION configs. Resolves when MongoDB has all of it, with
 * what the metric's location needs to know. `topicId` is that of the metrics' topic.
 */
export const applyMetric =
  (topicId: string, options: PricingOptions) =>
  async ({ metric, partition, offset }: PositionedMetric): Promise<MemberOfLocation> => {
    const { database, policy, timeZone, counters, now } = options;
    const { subLocationId } = metric;
    const position = { topicId, partition, offset };
    const applied = database !== undefined && !policy.dryRun && (await database.isApplied(position));
    const outcome = applied
      ? "repeated"
      : await priceAndApply(options, {
          level: "SUBLOCATION",
          entityId: subLocationId,
          demand: demandSnapshot(metric, offset),
          effectOf: (writes) => {
            const history = demandHistoryDocument(metric, timeZone, now());
            return {
              position,
              key: subLocationId,
              writes: history === undefined ? writes : [historyWrite(history), ...writes],
              // Marked when all of it was applied: with surge off the drafts are still to come.
              mark: policy.enabled,
            };
          },
        });
    if (outcome === "repeated") counters.repeated++;
    const locationId = (await database?.locationOf(subLocationId)) ?? metric.locationId ?? "";
    return { ...locationMember(metric, offset), locationId };
  };

const historyWrite = ({
  createdAt,
  subLocationId,
  timestamp,
  ...fields
}: DemandHistoryDocument): EffectWrite => ({
  collection: "demand_history",
  operation: {
    updateOne: {
      filter: { subLocationId, timestamp },
      update: { $set: fields, $setOnInsert: { createdAt } },
      upsert: true,
    },
  },
});
