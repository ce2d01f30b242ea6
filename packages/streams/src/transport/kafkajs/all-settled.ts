import { TransportError } from "../transport-error.ts";
import { worstOf } from "./worst.ts";

/**
 * Waits for all even when one fails: nothing of them is on the wire afterwards. Throws what their failures ask for as a
 * whole.
 */
export const allSettled = async (parts: readonly Promise<unknown>[]): Promise<void> => {
  const failures = (await Promise.allSettled(parts)).flatMap((outcome) =>
    outcome.status === "rejected" ? [outcome.reason as unknown] : [],
  );
  if (failures.length === 0) return;
  const ours = failures.filter((failure) => failure instanceof TransportError);
  // Anything else is a fault of this program.
  throw ours.length < failures.length
    ? failures.find((failure) => !(failure instanceof TransportError))
    : worstOf(ours);
};
