import type { ErrorRank } from "../error-rank.ts";
import type { TransportError } from "../transport-error.ts";
import { kafkaError } from "./kafka-error.ts";

/** One partition's, or one topic's, part of an answer. */
export interface Outcome {
  readonly errorCode: number;
  /** What was asked, for the message. */
  readonly where: string;
  readonly detail?: string | null;
}

/** What decides over an answer comes last. */
const order: readonly ErrorRank[] = ["retry", "record", "void", "fatal"];

/** Says only that something else went wrong. */
const notAttempted = "OPERATION_NOT_ATTEMPTED";

/** The error that decides what an answer as a whole asks for: of the gravest rank, and the first of that. */
export const worstOf = (errors: readonly TransportError[]): TransportError | undefined => {
  let worst: TransportError | undefined;
  for (const error of errors) if (worst === undefined || weight(error) > weight(worst)) worst = error;
  return worst;
};

/** Throws what an answer of several parts asks for as a whole, if any part failed. */
export const checkAll = (outcomes: readonly Outcome[]): void => {
  const worst = worstOf(
    outcomes
      .filter(({ errorCode }) => errorCode !== 0)
      .map(({ errorCode, where, detail }) => kafkaError(errorCode, where, detail)),
  );
  if (worst !== undefined) throw worst;
};

const weight = ({ rank, kafkaError: name }: TransportError): number =>
  name === notAttempted ? -1 : order.indexOf(rank);
