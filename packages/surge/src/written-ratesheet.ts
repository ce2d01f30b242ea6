import { createHash } from "node:crypto";
import type { Document } from "mongodb";
import type { DraftRatesheet } from "./draft-ratesheet.ts";
import type { MetricOrder } from "./metric-order.ts";
import { readOrder } from "./read-order.ts";

/** What is kept in a ratesheet beside the ratesheet itself, to tell what came from us and is still as it was. */
export interface Materialized {
  readonly order: MetricOrder;
  /** Of the fields that a person could edit. */
  readonly digest: string;
}

/** A ratesheet that is there. */
export interface WrittenRatesheet {
  readonly id: unknown;
  readonly approvalStatus: string;
  readonly order: MetricOrder | undefined;
  /** Not as we wrote it. */
  readonly edited: boolean;
  readonly updatedAt: unknown;
}

/** The fields that price something. */
const edited = [
  "type",
  "isActive",
  "appliesTo",
  "priority",
  "conflictResolution",
  "effectiveTo",
  "surgeMultiplierSnapshot",
  "demandSupplySnapshot",
  "updatedAt",
] as const;

export const digestOf = (ratesheet: DraftRatesheet | Document): string => {
  const values: Document = { ...ratesheet };
  // Dates and ObjectIds have a JSON of their own; what a document has for its keys, and in which order, does not matter.
  return createHash("sha1")
    .update(stable(edited.map((field) => values[field])))
    .digest("base64url");
};

const stable = (value: unknown): string =>
  JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );

/** Reads a document of `ratesheets`; one that nobody knows how it was made counts as edited. */
export const readRatesheet = (document: Document): WrittenRatesheet => {
  const materialized = document["materialized"] as Partial<Materialized> | undefined;
  return {
    id: document["_id"],
    approvalStatus: String(document["approvalStatus"]),
    order: readOrder(materialized?.order),
    edited: materialized?.digest !== digestOf(document),
    updatedAt: document["updatedAt"],
  };
};
