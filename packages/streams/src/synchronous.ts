import { MillraceError } from "./errors.ts";

/**
 * What a function answers that is called for what it does: anything but a promise, for nobody would wait for that, and no
 * handler hear of its failure.
 */
export type Synchronous =
  | void
  | undefined
  | null
  | boolean
  | number
  | bigint
  | string
  | symbol
  | (object & {
      readonly then?: "nobody waits for a promise here: asynchronous work belongs into mapAsync()";
    });

/** Throws a MillraceError ASYNC_OPERATOR for the promise of a function whose types were not checked. */
export const checkSynchronous = (answer: unknown): void => {
  // Most answer nothing.
  if (typeof answer !== "object" || answer === null || !("then" in answer)) return;
  const { then } = answer;
  if (typeof then !== "function") return;
  // Its failure is not one of the process: the task stops in any case.
  then.call(answer, undefined, () => undefined);
  throw new MillraceError(
    "its function answered a promise, which nobody waits for: what it does would be done after the record was committed, " +
      "or never; asynchronous work belongs into mapAsync()",
    { code: "ASYNC_OPERATOR" },
  );
};
