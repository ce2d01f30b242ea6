import { type LetterFilter, passes } from "./choice.ts";
import { sourceText, type DeadLetter } from "./dead-letter.ts";
import { counted } from "./counted.ts";
import type { DeadLetterTopic } from "./dead-letter-topic.ts";
import { placeText } from "./place.ts";
import { bytesText, oneLine } from "./printable.ts";
import { textTable } from "./text-table.ts";
import { timeText } from "./time-text.ts";

/** All letters of one reason, together. */
export interface ReasonCount {
  readonly reason: string;
  readonly count: number;
  /** Of these, replayed ones. */
  readonly replayed: number;
  /** When the first and the last were dead-lettered, ms. */
  readonly first: number;
  readonly last: number;
}

/** The dead letters of a topic at a glance. */
export interface DeadLetterList {
  /** Most frequent first. */
  readonly reasons: readonly ReasonCount[];
  /** The latest ones, oldest first. */
  readonly latest: readonly DeadLetter[];
}

/** Reads the whole topic, and leaves out what does not pass the filter; holds no more than the latest `limit` letters. */
export const listDeadLetters = async (
  topic: DeadLetterTopic,
  limit: number,
  filter: LetterFilter = {},
): Promise<DeadLetterList> => {
  const reasons = new Map<string, ReasonCount>();
  let latest: DeadLetter[] = [];
  for await (const read of topic.read()) {
    const letters = read.filter((letter) => passes(filter, letter));
    for (const letter of letters)
      reasons.set(letter.reason, countReason(reasons.get(letter.reason), letter, topic));
    const newest = [...latest, ...letters].toSorted((a, b) => a.timestamp - b.timestamp);
    latest = newest.slice(Math.max(0, newest.length - limit));
  }
  return { reasons: [...reasons.values()].toSorted((a, b) => b.count - a.count), latest };
};

/** The count of a letter's reason with that letter in it; `before`: without it, undefined for the first. */
export const countReason = (
  before: ReasonCount | undefined,
  letter: DeadLetter,
  topic: DeadLetterTopic,
): ReasonCount => ({
  reason: letter.reason,
  count: (before?.count ?? 0) + 1,
  replayed: (before?.replayed ?? 0) + (topic.wasReplayed(letter) ? 1 : 0),
  first: Math.min(before?.first ?? Infinity, letter.timestamp),
  last: Math.max(before?.last ?? -Infinity, letter.timestamp),
});

/** The list for people: reasons with their counts, then the latest letters with the places that `show` and `replay` take. */
export const listText = (topic: DeadLetterTopic, { reasons, latest }: DeadLetterList): readonly string[] => {
  const all = reasons.reduce((sum, { count }) => sum + count, 0);
  if (all === 0)
    return [
      topic.ranges.every(({ from, to }) => from === to)
        ? `${topic.name} is empty`
        : `${topic.name} has no such dead letters`,
    ];
  const strange = latest.length > 0 && latest.every(({ source }) => source === undefined);
  return [
    `${topic.name}: ${counted(all, "dead letter")}`,
    ...(strange ? ["They do not say where they came from: is it a dead-letter topic?"] : []),
    "",
    ...textTable([
      ["REASON", "COUNT", "REPLAYED", "FIRST", "LAST"],
      ...reasons.map(({ reason, count, replayed, first, last }) => [
        oneLine(reason),
        count,
        replayed,
        timeText(first),
        timeText(last),
      ]),
    ]),
    "",
    ...(latest.length === 0
      ? []
      : textTable([
          ["AT", "WHEN", "REASON", "CAME FROM", "KEY", "MESSAGE"],
          ...latest.map((letter) => [
            placeText(letter),
            timeText(letter.timestamp),
            oneLine(letter.reason),
            oneLine(sourceText(letter.source)),
            bytesText(letter.key),
            shortened(oneLine(letter.message)),
          ]),
        ])),
    ...(latest.length < all ? [`… ${counted(all - latest.length, "older one")}; --limit N shows more`] : []),
  ];
};

/** The same for machines, a line per reason. */
export const listJson = ({ reasons }: DeadLetterList): readonly string[] =>
  reasons.map(({ first, last, ...rest }) =>
    JSON.stringify({ ...rest, first: timeText(first), last: timeText(last) }),
  );

const longest = 100;
const shortened = (text: string): string => (text.length > longest ? `${text.slice(0, longest)}…` : text);
