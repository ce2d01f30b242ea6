import { MillraceError } from "../../errors.ts";
import type { OffsetPolicy } from "./offset-policy.ts";

export interface OutOfRange {
  readonly topic: string;
  readonly partition: number;
  /** Where reading was to go on, in a log that has `[begin, end)`. */
  readonly offset: number;
  readonly begin: number;
  readonly end: number;
  /** Whether it is still the topic of which that offset was; undefined where nobody knows. */
  readonly sameTopic: boolean | undefined;
}

export interface GoOn {
  readonly offset: number;
  /** What is to be said of it. */
  readonly message: string;
  /** Records that were never read. */
  readonly lost: number;
}

/** Where to go on from an offset that a log does not have, or why not: at start and while running alike. */
export const goOnOutOfRange = (
  where: OutOfRange,
  policy: OffsetPolicy["onOffsetOutOfRange"],
): GoOn | MillraceError =>
  where.offset < where.begin ? belowStart(where, policy) : beyondEnd(where, policy);

const belowStart = (where: OutOfRange, policy: OffsetPolicy["onOffsetOutOfRange"]): GoOn | MillraceError => {
  const { begin, end, offset } = where;
  const what =
    `${begin - offset} records of ${nameOf(where)} were deleted before they were read: the topic's retention is shorter than ` +
    "this application was behind";
  if (policy === "fail") return refusal(`${what}${toChoose(where)}`, where);
  return policy === "latest"
    ? { offset: end, lost: end - offset, message: `${what}; going on at its end, ${end}` }
    : {
        offset: begin,
        lost: begin - offset,
        message: `${what}; going on with the first that is left, ${begin}`,
      };
};

const beyondEnd = (where: OutOfRange, policy: OffsetPolicy["onOffsetOutOfRange"]): GoOn | MillraceError => {
  const { begin, end, offset, sameTopic } = where;
  const what =
    `${nameOf(where)} ends at ${end}, before the offset ${offset} up to which it was processed: ` +
    (sameTopic === true
      ? "brokers have lost its last records (an unclean election of a leader)"
      : "the topic was made anew, or brokers have lost its last records");
  if (policy === "earliest")
    return { offset: begin, lost: 0, message: `${what}; processing what it has from ${begin}` };
  // What is left of the same log was processed; what comes now stands where the lost records stood.
  if (policy === "latest" || (policy === undefined && sameTopic === true))
    return { offset: end, lost: 0, message: `${what}; going on at its end` };
  return refusal(`${what}${toChoose(where)}`, where);
};

const nameOf = ({ topic, partition }: OutOfRange): string => `${topic}-${partition}`;

const toChoose = ({ topic, partition }: OutOfRange): string =>
  `. Set the offset: kafka-consumer-groups.sh --bootstrap-server BROKER --group APPLICATION --topic ${topic}:${partition} ` +
  "--reset-offsets --to-earliest --execute (or --to-latest), with the application stopped; or run it with " +
  'onOffsetOutOfRange "earliest" or "latest"';

const refusal = (message: string, { topic, partition, offset }: OutOfRange): MillraceError =>
  new MillraceError(message, { code: "OFFSET_OUT_OF_RANGE", position: { topic, partition, offset } });
