import { hash } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
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
  /** All of it, as it was read. */
  readonly document: Document;
}

/** The fields that price something; those of their fields that are documents themselves. */
const edited = [
  "type",
  "isActive",
  "priority",
  "conflictResolution",
  "effectiveTo",
  "surgeMultiplierSnapshot",
  "updatedAt",
];
const editedWithin: Readonly<Record<string, readonly string[]>> = {
  appliesTo: ["level", "entityId"],
  demandSupplySnapshot: ["demand", "supply", "pressure", "historicalAvgPressure", "timestamp"],
};

/** Made for every metric, twice: so no JSON. */
export const digestOf = (ratesheet: DraftRatesheet | Document): string => {
  const fields: Document = { ...ratesheet };
  let text = "";
  for (const name of edited) text += textOf(fields[name]);
  for (const [name, within] of Object.entries(editedWithin)) {
    const inner: unknown = fields[name];
    if (typeof inner !== "object" || inner === null) {
      text += textOf(inner);
      continue;
    }
    const innerFields: Document = inner;
    // A field more is an edit, too.
    text += `{${Object.keys(innerFields).length}`;
    for (const innerName of within) text += textOf(innerFields[innerName]);
  }
  return hash("sha1", text, "base64url");
};

const textOf = (value: unknown): string => {
  if (value instanceof Date) return `d${value.getTime()} `;
  if (typeof value === "object" && value !== null) return `o${JSON.stringify(value)} `;
  return `${typeof value} ${String(value)} `;
};

/** Of these fields those that are not in the document as they are here. */
export const changedFields = (fields: Document, document: Document): Document =>
  Object.fromEntries(
    Object.entries(fields).filter(([name, value]) => !isDeepStrictEqual(value, document[name])),
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
    document,
  };
};
