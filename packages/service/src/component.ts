import { MillraceError, seconds } from "@millrace/streams";

/** Something that a service needs and reaches over the network. */
export interface Component {
  /** As people call it: "MongoDB". */
  readonly name: string;
  /** Where it should be, without a password. */
  readonly address: string;
  /** What to look at when it is out of reach: "check MONGODB_URI, and that the server runs". */
  readonly advice: string;
  /** Connects to it, or asks it something; rejects when that can't be done. */
  readonly reach: () => Promise<unknown>;
}

/** How long a component may take to answer when a service starts, ms. */
const deadlineMs = seconds(4.5);

/**
 * Reaches all of them at the same time. Throws a MillraceError `UNREACHABLE` that names each that did not answer,
 * where, and what to do about it, within five seconds whatever they do.
 */
export const reachAll = async (
  components: readonly Component[],
  withinMs: number = deadlineMs,
): Promise<void> => {
  const outcomes = await Promise.allSettled(components.map((component) => reach(component, withinMs)));
  const failures = outcomes
    .filter((outcome) => outcome.status === "rejected")
    .map(({ reason }) => reason as Error);
  if (failures.length > 0)
    throw new MillraceError(failures.map(({ message }) => message).join("; "), {
      code: "UNREACHABLE",
      cause: failures[0],
      retriable: true,
    });
};

const reach = async (
  { name, address, advice, reach: answer }: Component,
  withinMs: number,
): Promise<void> => {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => late.reject(new Error(`${name} at ${address} has not answered within ${withinMs} ms: ${advice}`)),
    withinMs,
  );
  try {
    await Promise.race([answer(), late.promise]);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    // Some say it all themselves.
    throw message.includes(address)
      ? error
      : new Error(`${name} at ${address}: ${message}: ${advice}`, { cause: error });
  } finally {
    clearTimeout(timer);
  }
};
