import type { Place } from "@millrace/operations";
import { usageError } from "./usage-error.ts";

/** Throws on everything but two whole numbers. */
export const parsePlace = (text: string): Place => {
  const [, partition, offset] = /^(\d+):(\d+)$/.exec(text) ?? [];
  const place = { partition: Number(partition), offset: Number(offset) };
  if (Number.isSafeInteger(place.partition) && Number.isSafeInteger(place.offset)) return place;
  throw usageError(`--at is "${text}"; it must be PARTITION:OFFSET, such as 0:42`);
};
