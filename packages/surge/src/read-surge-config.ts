import { bsonNumber } from "@millrace/mongo";
import { DocumentReader } from "./document-reader.ts";
import type { EntityId } from "./entity-id.ts";
import { readSchedule } from "./read-schedule.ts";
import { readSurgeParams } from "./read-surge-params.ts";
import type { SkipReason } from "./skip-reason.ts";
import type { AppliesTo, DemandSupplyParams, SurgeConfig } from "./surge-config.ts";

/** What is wrong with a document of `surge_configs`. */
export interface InvalidSurgeConfig {
  readonly valid: false;
  /** Undefined if the document does not even have an `_id`. */
  readonly surgeConfigId: EntityId | undefined;
  readonly reason: Extract<SkipReason, "invalidConfig" | "invalidSurgeParams">;
  /** The field, what it is, and what it must be. */
  readonly problem: string;
}

/** A config that can be used, or why this document is none. */
export type SurgeConfigReading = { readonly valid: true; readonly config: SurgeConfig } | InvalidSurgeConfig;

/** Reads a document of `surge_configs`. Never throws: one bad config must not stop the others. */
export const readSurgeConfig = (document: unknown): SurgeConfigReading => {
  let surgeConfigId: EntityId | undefined;
  let reason: InvalidSurgeConfig["reason"] = "invalidConfig";
  try {
    const fields = new DocumentReader(document);
    surgeConfigId = readId(fields, "_id");
    const config = readAllButSurgeParams(fields, surgeConfigId);
    reason = "invalidSurgeParams";
    const surgeParams = readSurgeParams(fields.object("surgeParams"));
    return { valid: true, config: { ...config, surgeParams } };
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    return { valid: false, surgeConfigId, reason, problem };
  }
};

const readAllButSurgeParams = (
  fields: DocumentReader,
  surgeConfigId: EntityId,
): Omit<SurgeConfig, "surgeParams"> => {
  const name = fields.raw("name");
  const priority = fields.number("priority") ?? 0;
  if (!Number.isFinite(priority)) throw fields.problem("priority", "a finite number");
  return {
    surgeConfigId,
    ...(typeof name === "string" && { name }),
    isActive: fields.raw("isActive") === true,
    appliesTo: readAppliesTo(fields.object("appliesTo")),
    ...readSchedule(fields),
    priority,
    demandSupplyParams: readDemandSupplyParams(fields.object("demandSupplyParams")),
  };
};

const readAppliesTo = (fields: DocumentReader): AppliesTo => {
  const level = fields.raw("level");
  if (level !== "SUBLOCATION" && level !== "LOCATION")
    throw fields.problem("level", "SUBLOCATION or LOCATION");
  return { level, entityId: readId(fields, "entityId") };
};

const readDemandSupplyParams = (fields: DocumentReader): DemandSupplyParams => {
  const manual = "manualHistoricalAvgPressure";
  const currentDemand = bsonNumber(fields.raw("currentDemand"));
  const currentSupply = fields.number("currentSupply");
  const historicalAvgPressure = fields.number("historicalAvgPressure");
  return {
    ...(currentDemand !== undefined && { currentDemand }),
    ...(currentSupply !== undefined && { currentSupply }),
    ...(historicalAvgPressure !== undefined && { historicalAvgPressure }),
    ...(fields.has(manual) && { [manual]: fields.number(manual) ?? null }),
  };
};

const readId = (fields: DocumentReader, name: string): EntityId => {
  const value = fields.raw(name);
  if (typeof value === "string" && value !== "") return value;
  if (isObjectId(value)) return value;
  throw fields.problem(name, "a string or an ObjectId");
};

const isObjectId = (value: unknown): value is Exclude<EntityId, string> =>
  typeof value === "object" &&
  value !== null &&
  "toHexString" in value &&
  typeof value.toHexString === "function";
