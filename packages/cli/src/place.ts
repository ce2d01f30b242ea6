import { usageError } from "./usage-error.ts";

/** Where a record lies in a topic that is known. */
export interface Place {
  readonly partition: number;
  readonly offset: number;
}

/** `partition:offset`, as people give it and as the ledger has it for a key. */
export const placeText = ({ partition, offset }: Place): string => `${partition}:${offset}`;

/** Throws on everything but two whole numbers. */
export const parsePlace = (text: string): Place => {
  const [, partition, offset] = /^(\d+):(\d+)$/.exec(text) ?? [];
  const place = { partition: Number(partition), offset: Number(offset) };
  if (Number.isSafeInteger(place.partition) && Number.isSafeInteger(place.offset)) return place;
  throw usageError(`--at is "${text}"; it must be PARTITION:OFFSET, such as 0:42`);
};
