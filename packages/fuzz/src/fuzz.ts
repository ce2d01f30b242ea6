import fc from "fast-check";
import type { FuzzTarget } from "./fuzz-target.ts";

/** What came of fuzzing one target. */
export interface FuzzResult {
  /** How many inputs it was given. */
  readonly inputs: number;
  /** How to see it again, and the smallest input that fails; undefined when none did. */
  readonly failure: string | undefined;
}

/** Gives a target inputs for so long, ms. The same seed gives the same ones. */
export const fuzz = async (target: FuzzTarget, seed: number, forMs: number): Promise<FuzzResult> => {
  const property = await target.property();
  const details = await fc.check(property, {
    seed,
    numRuns: Number.MAX_SAFE_INTEGER,
    interruptAfterTimeLimit: forMs,
    markInterruptAsFailure: false,
    maxSkipsPerRun: 1_000,
  });
  return {
    inputs: details.numRuns,
    failure: details.failed
      ? `${target.name}, seed ${seed}:\n${fc.defaultReportMessage(details) ?? ""}\n${shown(details.errorInstance)}`
      : undefined,
  };
};

const shown = (error: unknown): string =>
  error instanceof Error ? (error.stack ?? error.message) : String(error);
