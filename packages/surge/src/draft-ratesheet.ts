import { hours } from "@millrace/streams";
import type { DemandSnapshot } from "./demand-snapshot.ts";
import type { EntityId } from "./entity-id.ts";
import type { AppliesTo, SurgeConfig } from "./surge-config.ts";

/** What a multiplier came from, as it stood then. */
export interface DemandSupplySnapshot {
  /** Bookings in the hour. */
  readonly demand: number;
  /** The config's currentSupply. */
  readonly supply: number;
  readonly pressure: number;
  /** The one used. */
  readonly historicalAvgPressure: number;
  /** The metric's. */
  readonly timestamp: Date;
}

/** A document of `ratesheets` for a person to approve. One per (surgeConfigId, effectiveFrom). */
export interface DraftRatesheet {
  readonly type: "SURGE_MULTIPLIER";
  readonly approvalStatus: "DRAFT";
  readonly isActive: true;
  readonly appliesTo: AppliesTo;
  readonly priority: number;
  readonly conflictResolution: "PRIORITY";
  /** Inclusive. */
  readonly effectiveFrom: Date;
  /** Exclusive. */
  readonly effectiveTo: Date;
  readonly surgeConfigId: EntityId;
  readonly surgeMultiplierSnapshot: number;
  readonly demandSupplySnapshot: DemandSupplySnapshot;
  /** To be set on insert only. */
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** What a draft ratesheet is made from. */
export interface DraftInputs {
  readonly config: SurgeConfig;
  readonly demand: DemandSnapshot;
  readonly supply: number;
  /** The baseline used. */
  readonly historicalAvgPressure: number;
  readonly multiplier: number;
  /** Wall clock, ms since the epoch. */
  readonly now: number;
}

/** Above every ratesheet that people price by hand. */
const priorityBase = 10_000;

/** When the draft for the demand of an hour begins, ms since the epoch: an hour after that hour's start. */
export const draftStart = (hour: number): number => hour + hours(1);

/** The ratesheet for [hour+1h, hour+2h), in absolute time: also for hours past, and over midnight. */
export const draftRatesheet = (inputs: DraftInputs): DraftRatesheet => {
  const { config, demand, supply, historicalAvgPressure, multiplier, now } = inputs;
  const effectiveFrom = draftStart(demand.hour);
  return {
    type: "SURGE_MULTIPLIER",
    approvalStatus: "DRAFT",
    isActive: true,
    appliesTo: config.appliesTo,
    priority: priorityBase + config.priority,
    conflictResolution: "PRIORITY",
    effectiveFrom: new Date(effectiveFrom),
    effectiveTo: new Date(effectiveFrom + hours(1)),
    surgeConfigId: config.surgeConfigId,
    surgeMultiplierSnapshot: multiplier,
    demandSupplySnapshot: {
      demand: demand.bookingsCount,
      supply,
      pressure: demand.demandPressure,
      historicalAvgPressure,
      timestamp: new Date(demand.timestamp),
    },
    createdAt: new Date(now),
    updatedAt: new Date(now),
  };
};
