import type { Choice, Place } from "@millrace/operations";
import { badRequest } from "../server/request-error.ts";

/** Which letters a page means. */
export type LetterChoice =
  | { readonly by: "place"; readonly places: readonly string[] }
  | { readonly by: "reason"; readonly reason: string }
  | { readonly by: "all" };

/** What a page sent, checked. Throws a RequestError. */
export const letterChoice = (given: unknown): LetterChoice => {
  if (typeof given === "object" && given !== null && "by" in given) {
    if (given.by === "all") return { by: "all" };
    if (given.by === "reason" && "reason" in given && typeof given.reason === "string")
      return { by: "reason", reason: given.reason };
    if (given.by === "place" && "places" in given && isTexts(given.places) && given.places.length > 0)
      return { by: "place", places: given.places };
  }
  throw badRequest(
    '"choice" says which letters: {"by":"place","places":["0:42"]}, {"by":"reason","reason":"X"}, {"by":"all"}',
  );
};

/** The same for the replay itself. */
export const operationsChoice = (
  choice: LetterChoice,
): { readonly choice: Choice; readonly places: readonly Place[] } => {
  if (choice.by === "all") return { choice, places: [] };
  if (choice.by === "reason") return { choice: { by: "filter", reason: choice.reason }, places: [] };
  const places = choice.places.map(placeOf);
  return { choice: { by: "place", places }, places };
};

const isTexts = (given: unknown): given is readonly string[] =>
  Array.isArray(given) && given.every((one) => typeof one === "string");

const placeOf = (text: string): Place => {
  const [, partition, offset] = /^(\d{1,9}):(\d{1,15})$/.exec(text) ?? [];
  if (partition === undefined || offset === undefined)
    throw badRequest(`"${text}" is no place: PARTITION:OFFSET, such as 0:42`);
  return { partition: Number(partition), offset: Number(offset) };
};
