import { TopologyError } from "./errors.ts";

/** Throws a TopologyError for what is no whole number of ms: times on the wire have no fractions. */
export const checkWhole = (what: string, ms: number): void => {
  if (!Number.isSafeInteger(ms)) throw new TopologyError(`${what} must be a whole number of ms, not ${ms}`);
};

/** Throws a TopologyError for what is no length of time: 0 ms or more, and whole. */
export const checkLength = (what: string, ms: number): void => {
  if (!(ms >= 0)) throw new TopologyError(`${what} must be 0 ms or more, not ${ms}`);
  checkWhole(what, ms);
};

/** As `checkLength`, where Infinity stands for no end. */
export const checkLengthOrEndless = (what: string, ms: number): void => {
  if (ms !== Number.POSITIVE_INFINITY) checkLength(what, ms);
};
