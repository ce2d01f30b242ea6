import { MillraceError } from "@millrace/streams";
import type { DeadLetter } from "./dead-letter.ts";
import { type Place, placeText } from "./place.ts";
import type { OffsetRange } from "./read-topic.ts";

/** What dead letters must have to be meant, all of it: nothing where nothing is said. */
export interface LetterFilter {
  /** The error's code. */
  readonly reason?: string | undefined;
  /** The topic that they came from. */
  readonly topic?: string | undefined;
  /** When they were dead-lettered, `[since, until)`, ms. */
  readonly since?: number | undefined;
  readonly until?: number | undefined;
}

/** Which dead letters of a topic are meant. */
export type Choice =
  | { readonly by: "place"; readonly places: readonly Place[] }
  | ({ readonly by: "filter" } & LetterFilter)
  | { readonly by: "all" };

/** Whether a letter has what the filter asks for. */
export const passes = ({ reason, topic, since, until }: LetterFilter, deadLetter: DeadLetter): boolean =>
  (reason === undefined || deadLetter.reason === reason) &&
  (topic === undefined || deadLetter.source?.topic === topic) &&
  (since === undefined || deadLetter.timestamp >= since) &&
  (until === undefined || deadLetter.timestamp < until);

/** Whether a letter is meant. */
export const isChosen = (choice: Choice, deadLetter: DeadLetter): boolean => {
  if (choice.by === "place")
    return choice.places.some(
      ({ partition, offset }) => partition === deadLetter.partition && offset === deadLetter.offset,
    );
  return choice.by === "all" || passes(choice, deadLetter);
};

/** The part of the topic in which chosen ones can be. Throws when a place is outside of what the topic holds. */
export const rangesOf = (
  choice: Choice,
  topic: string,
  ranges: readonly OffsetRange[],
): readonly OffsetRange[] => {
  if (choice.by !== "place") return ranges;
  for (const place of choice.places) {
    const range = ranges.find(({ partition }) => partition === place.partition);
    if (range === undefined)
      throw missing(place, topic, `the topic has partitions 0 to ${ranges.length - 1}`);
    const { from, to } = range;
    if (place.offset < from || place.offset >= to)
      throw missing(
        place,
        topic,
        from === to ? "the partition is empty" : `the partition holds offsets ${from} to ${to - 1}`,
      );
  }
  return ranges.flatMap(({ partition }) => {
    const offsets = choice.places
      .filter((place) => place.partition === partition)
      .map(({ offset }) => offset);
    return offsets.length === 0
      ? []
      : [{ partition, from: Math.min(...offsets), to: Math.max(...offsets) + 1 }];
  });
};

/** There is no such dead letter. */
export const missing = (place: Place, topic: string, why: string): MillraceError =>
  new MillraceError(`there is no dead letter ${placeText(place)} in "${topic}": ${why}`, {
    code: "MISSING_DEAD_LETTER",
  });
