import type { EffectWrite } from "@millrace/mongo";
import type { Document } from "mongodb";
import type { Decision, DraftWrite, ParamsWrite } from "./decision.ts";
import { olderThan, orderDocument } from "./order-guard.ts";
import type { SurgeConfig } from "./surge-config.ts";
import type { ConfigRow } from "./surge-store.ts";
import {
  asWritten,
  changedFields,
  digestOf,
  type Materialized,
  type WrittenRatesheet,
} from "./written-ratesheet.ts";

export const surgeConfigs = "surge_configs";
export const ratesheets = "ratesheets";

const params = "demandSupplyParams";

/** What it was decided by, as the database has it. */
export interface AsRead extends Pick<ConfigRow, "baselineAsRead"> {
  /** The ratesheet for the hour, if there is one. */
  readonly draft: WrittenRatesheet | undefined;
}

/**
 * What a decision writes. Each write looks once more, in the same step, at all that was decided by: where that has
 * changed meanwhile it does nothing, and its proof says so.
 */
export const decisionWrites = (
  config: SurgeConfig,
  decision: Decision,
  { draft, baselineAsRead }: AsRead,
): readonly EffectWrite[] => {
  if (decision.outcome === "skipped") return [];
  return [
    ...(decision.params === undefined ? [] : [paramsWrite(config, decision.params, baselineAsRead)]),
    ...(decision.outcome === "draft" ? [draftWrite(decision.draft, draft)] : []),
  ];
};

const paramsWrite = (
  { surgeConfigId }: SurgeConfig,
  { order, currentDemand, historicalAvgPressure, manualHistoricalAvgPressure }: ParamsWrite,
  baselineAsRead: unknown,
): EffectWrite => {
  const metricOrder = `${params}.metricOrder`;
  const mean = `${params}.historicalAvgPressure`;
  const manual = `${params}.manualHistoricalAvgPressure`;
  const id = surgeConfigId as never;
  const overwrites = historicalAvgPressure !== undefined;
  const copies = manualHistoricalAvgPressure !== undefined;
  const filter: Document = {
    _id: id,
    ...olderThan(metricOrder, order),
    // Never over an operator's baseline that has not been copied ...
    ...(overwrites && !copies && { [manual]: { $exists: true } }),
    // ... and the one that is copied is the one that was read.
    ...(copies && { [manual]: { $exists: false }, [mean]: baselineAsRead }),
  };
  const $set: Document = {
    [`${params}.currentDemand`]: currentDemand,
    ...(overwrites && { [mean]: historicalAvgPressure }),
    ...(copies && { [manual]: baselineAsRead }),
    [metricOrder]: orderDocument(order),
  };
  return {
    collection: surgeConfigs,
    operation: { updateOne: { filter, update: { $set } } },
    // Newer params do as well.
    proof: { _id: id, [metricOrder]: { $gte: orderDocument(order) } },
  };
};

const draftWrite = ({ ratesheet, order }: DraftWrite, written: WrittenRatesheet | undefined): EffectWrite => {
  const { createdAt, surgeConfigId, effectiveFrom, approvalStatus, ...fields } = ratesheet;
  const materialized: Materialized = { order: orderDocument(order), digest: digestOf(ratesheet) };
  const key: Document = { surgeConfigId, effectiveFrom };
  return {
    collection: ratesheets,
    operation: {
      updateOne:
        written === undefined
          ? {
              // Whatever is there was not when it was decided.
              filter: key,
              update: { $setOnInsert: { approvalStatus, ...fields, materialized, createdAt } },
              upsert: true,
            }
          : {
              filter: {
                ...key,
                approvalStatus,
                ...olderThan("materialized.order", order),
                // As it was read: what a person did to it since then stays.
                ...asWritten(written.document),
              },
              update: { $set: { ...changedFields(fields, written.document), materialized } },
            },
    },
    proof: { ...key, "materialized.order": orderDocument(order) },
  };
};
