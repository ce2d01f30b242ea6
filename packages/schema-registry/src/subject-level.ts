import type { Log } from "@millrace/streams";
import { atLeast, both, type Compatibility } from "./compatibility.ts";
import type { RegistryClient } from "./registry-client.ts";
import { RegistryFailure } from "./registry-failure.ts";

/**
 * Sees to a subject's compatibility level before its schema is registered: a first version must not be followed by a
 * second one that nobody judged. A level that the subject has of its own stays, whatever it is; one that it is given
 * promises at least what the global one did. What the registry forbids is said, and registration goes on. Throws
 * RegistryFailure where it is out of reach.
 */
export const settleLevel = async (
  client: RegistryClient,
  subject: string,
  wanted: Compatibility,
  log: Log | undefined,
): Promise<void> => {
  const say: Log = (level, message) => log?.(level, message, { subject });
  const own = await permitted(client.compatibility(subject));
  if ("refusal" in own)
    return say(
      "warn",
      `the registry does not say the compatibility of subject "${subject}" (${own.refusal}); nothing is set`,
    );
  if (own.value !== undefined) {
    if (atLeast(own.value, wanted)) return say("info", `subject "${subject}" has compatibility ${own.value}`);
    return say(
      "warn",
      `subject "${subject}" has compatibility ${own.value}, which promises less than ${wanted}; it is left so. ` +
        `Raise it with PUT /config/${encodeURIComponent(subject)} if all that is retained must stay readable`,
    );
  }
  const global = await permitted(client.compatibility());
  if ("refusal" in global)
    return say(
      "warn",
      `the registry does not say its global compatibility (${global.refusal}); none is set for subject "${subject}"`,
    );
  const inherited = global.value ?? "NONE";
  if (atLeast(inherited, wanted))
    return say("info", `subject "${subject}" has the registry's global compatibility, ${inherited}`);
  const level = both(wanted, inherited);
  const set = await permitted(client.setCompatibility(subject, level));
  if ("refusal" in set)
    say(
      "warn",
      `the compatibility of subject "${subject}" may not be set to ${level} (${set.refusal}); it stays the registry's global one, ${inherited}`,
    );
  else
    say(
      "info",
      `set the compatibility of subject "${subject}" to ${level}; the registry's global one is ${inherited}`,
    );
};

/** The answer, or why the registry forbids the question. */
const permitted = async <T>(
  answer: Promise<T>,
): Promise<{ readonly value: T } | { readonly refusal: string }> => {
  try {
    return { value: await answer };
  } catch (error) {
    if (error instanceof RegistryFailure && error.kind !== "unreachable" && error.kind !== "untrusted")
      return { refusal: error.message };
    throw error;
  }
};
