import { messageOf } from "./message-of.ts";

/** What a failed request to a registry means. */
export interface RegistryFailure {
  readonly kind: /** The registry says that there is no such thing. */
    | "missing"
    /** The registry will not take the schema as a version of its subject. */
    | "incompatible"
    /** It forbids the request or finds it wrong. */
    | "refused"
    /** Nobody answered, or not the registry: asking again can help. */
    | "unreachable"
    /** It answered, and the answer is of no use. */
    | "useless";
  readonly reason: string;
}

/** The registry took too long. */
export class RegistryDeadlineError extends Error {
  override readonly name = "RegistryDeadlineError";
}

/**
 * The client reports everything as an HTTP status, and gives 400 where the network failed. What the registry itself
 * said comes as its message; what somebody else said (the network, a proxy) comes behind "Error, status 400".
 */
export const registryFailure = (error: unknown): RegistryFailure => {
  const message = messageOf(error).replace(/^Confluent_Schema_Registry - /, "");
  const status = statusOf(error);
  if (error instanceof RegistryDeadlineError) return { kind: "unreachable", reason: message };
  if (status === undefined) {
    // The client's own errors have no status; the plain one is its word for a schema that is not there.
    const missing = error instanceof Error && error.name === "ConfluentSchemaRegistryError";
    return { kind: missing ? "missing" : "useless", reason: message };
  }
  if (message.startsWith(`Error, status ${status}`)) return notTheRegistry(status, message);
  const reason = `${message} (HTTP ${status})`;
  if (status === 404) return { kind: "missing", reason };
  if (status === 409) return { kind: "incompatible", reason };
  if (status >= 500 || status === 429 || status === 408) return { kind: "unreachable", reason };
  return { kind: "refused", reason };
};

const notTheRegistry = (status: number, message: string): RegistryFailure => {
  if (status === 401 || status === 403) return { kind: "refused", reason: `HTTP ${status}` };
  if (status !== 400)
    return { kind: "unreachable", reason: `HTTP ${status}, but not from a schema registry` };
  const said = message.replace(/^Error, status \d+:? ?/, "").trim();
  // With several addresses tried, Node's error has no text at all.
  return { kind: "unreachable", reason: /\bE[A-Z_]{3,}\b/.exec(said)?.[0] ?? (said || "no connection") };
};

const statusOf = (error: unknown): number | undefined =>
  typeof error === "object" && error !== null && "status" in error && typeof error.status === "number"
    ? error.status
    : undefined;
