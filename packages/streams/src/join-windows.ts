import { TopologyError } from "./errors.ts";
import { checkLength, checkWhole } from "./check-length.ts";
import { checkGrace, type GraceOption } from "./windows.ts";

/**
 * Which records of two streams meet: those of one key where the right one's time lies in
 * `[left - before, left + after]`, both ends included (Kafka Streams' `JoinWindows`). All lengths in ms.
 */
export interface JoinWindows {
  /** How much earlier than the left record the right one may be; negative: how much later it must be. */
  readonly before: number;
  /** How much later than the left record the right one may be; negative: how much earlier it must be. */
  readonly after: number;
  /** How long after its window's end a record without a match still waits for one, in stream time. */
  readonly grace: number;
}

/**
 * Records meet that are no more than `timeDifference` ms apart (`JoinWindows.ofTimeDifferenceAndGrace`), or, with `before`
 * and `after` ms, on one side of the left record more or less than that (`JoinWindows.before`, `JoinWindows.after`). Throws
 * a TopologyError where no time would do.
 */
export const joinWindows = (
  timeDifference: number,
  {
    grace,
    before = timeDifference,
    after = timeDifference,
  }: GraceOption & { readonly before?: number; readonly after?: number },
): JoinWindows => {
  checkLength("the time difference of a join", timeDifference);
  checkWhole("the time before, of a join,", before);
  checkWhole("the time after, of a join,", after);
  if (!(before + after >= 0))
    throw new TopologyError(
      `no record can be between ${before} ms before and ${after} ms after another: together they must be 0 ms or more`,
    );
  checkGrace(grace);
  return { before, after, grace };
};
