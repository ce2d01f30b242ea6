import type { EffectWrite } from "@millrace/mongo";
import type { Document } from "mongodb";
import type { Decision, DraftWrite, ParamsWrite } from "./decision.ts";
import type { SurgeConfig } from "./surge-config.ts";
import { olderThan, orderDocument } from "./order-guard.ts";
import { changedFields, digestOf, type Materialized, type WrittenRatesheet } from "./written-ratesheet.ts";

export const surgeConfigs = "surge_configs";
export const ratesheets = "ratesheets";

const params = "demandSupplyParams";

/** What a decision writes. Everything is guarded by the order of what it came from: repeated, it changes nothing. */
export const decisionWrites = (
  config: SurgeConfig,
  decision: Decision,
  written: WrittenRatesheet | undefined,
): readonly EffectWrite[] => {
  if (decision.outcome === "skipped") return [];
  return [
    ...(decision.params === undefined ? [] : paramsWrites(config, decision.params)),
    ...(decision.outcome === "draft" ? [draftWrite(decision.draft, written)] : []),
  ];
};

const paramsWrites = (
  { surgeConfigId, demandSupplyParams }: SurgeConfig,
  { order, currentDemand, historicalAvgPressure, manualHistoricalAvgPressure }: ParamsWrite,
): readonly EffectWrite[] => {
  const guard = { _id: surgeConfigId, ...olderThan(`${params}.metricOrder`, order) };
  const manual = `${params}.manualHistoricalAvgPressure`;
  const copy: readonly EffectWrite[] =
    manualHistoricalAvgPressure === undefined
      ? []
      : [
          update(
            {
              ...guard,
              [manual]: { $exists: false },
              // Whoever changes it meanwhile has changed what is to be copied.
              [`${params}.historicalAvgPressure`]: demandSupplyParams.historicalAvgPressure ?? null,
            },
            { $set: { [manual]: manualHistoricalAvgPressure } },
          ),
        ];
  const overwrites = historicalAvgPressure !== undefined;
  return [
    ...copy,
    update(
      // Never over an operator's baseline that has not been copied.
      { ...guard, ...(overwrites && { [manual]: { $exists: true } }) },
      {
        $set: {
          [`${params}.currentDemand`]: currentDemand,
          ...(overwrites && { [`${params}.historicalAvgPressure`]: historicalAvgPressure }),
          [`${params}.metricOrder`]: orderDocument(order),
        },
      },
    ),
  ];
};

const update = (filter: Document, change: Document): EffectWrite => ({
  collection: surgeConfigs,
  operation: { updateOne: { filter, update: change } },
});

const draftWrite = ({ ratesheet, order }: DraftWrite, written: WrittenRatesheet | undefined): EffectWrite => {
  const { createdAt, surgeConfigId, effectiveFrom, approvalStatus, ...fields } = ratesheet;
  const materialized: Materialized = { order: orderDocument(order), digest: digestOf(ratesheet) };
  const guard = { approvalStatus, ...olderThan("materialized.order", order) };
  return {
    collection: ratesheets,
    operation: {
      updateOne:
        written === undefined
          ? {
              filter: { surgeConfigId, effectiveFrom, ...guard },
              update: { $set: { ...fields, materialized }, $setOnInsert: { createdAt } },
              upsert: true,
            }
          : {
              // As it was read: what a person did to it since then stays.
              filter: { _id: written.id as never, updatedAt: written.updatedAt, ...guard },
              update: { $set: { ...changedFields(fields, written.document), materialized } },
            },
    },
  };
};
