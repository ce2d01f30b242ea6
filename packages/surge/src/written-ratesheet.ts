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
  readonly approvalStatus: string;
  readonly order: MetricOrder | undefined;
  /** Not as we wrote it. */
  readonly edited: boolean;
  /** All of it, as it was read or written. */
  readonly document: Document;
}

/** The fields that price something, which a person could edit. A field more in one of them is an edit, too. */
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
];

/** Made for every metric, twice: so no JSON. */
export const digestOf = (ratesheet: DraftRatesheet | Document): string => {
  const fields: Document = { ...ratesheet };
  let text = "";
  for (const name of edited) text += textOf(fields[name]);
  return hash("sha1", text, "base64url");
};

const textOf = (value: unknown): string => {
  if (value instanceof Date) return `d${value.getTime()} `;
  if (typeof value !== "object" || value === null) return `${typeof value} ${String(value)} `;
  if ("_bsontype" in value || Array.isArray(value)) return `o${JSON.stringify(value)} `;
  let text = "{";
  // In their order, as MongoDB compares them.
  for (const [name, inner] of Object.entries(value)) text += `${name} ${textOf(inner)}`;
  return `${text}} `;
};

/** Finds a ratesheet only while the fields that price something are as they are in this document. */
export const asWritten = (document: Document): Document =>
  Object.fromEntries(edited.map((name) => [name, document[name]]));

/** Of these fields those that are not in the document as they are here. */
export const changedFields = (fields: Document, document: Document): Document =>
  Object.fromEntries(
    Object.entries(fields).filter(
      ([name, value]) => value !== document[name] && !isDeepStrictEqual(value, document[name]),
    ),
  );

/** Reads a document of `ratesheets`; one that nobody knows how it was made counts as edited. */
export const readRatesheet = (document: Document): WrittenRatesheet => {
  const materialized = document["materialized"] as Partial<Materialized> | undefined;
  return {
    approvalStatus: String(document["approvalStatus"]),
    order: readOrder(materialized?.order),
    edited: materialized?.digest !== digestOf(document),
    document,
  };
};
