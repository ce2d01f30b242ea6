import { messageOf } from "../../errors.ts";
import { TransportError } from "../transport-error.ts";

/** Failures to authenticate or to agree on TLS: no use in trying again. */
const hopeless = /SASL|AUTH|CERT|ALTNAME|SELF_SIGNED|EPROTO|ERR_SSL|ERR_TLS/;

/**
 * kafkajs' error as ours; anything else is a fault of ours and stays what it is. kafkajs wraps: the first code or
 * type in the chain of causes counts.
 */
export const networkError = (error: unknown, what: string): unknown => {
  if (error instanceof TransportError) return error;
  if (!(error instanceof Error) || !error.name.startsWith("KafkaJS")) return error;
  const name = identify(error);
  if (name !== undefined && hopeless.test(name))
    return new TransportError(`${what}: ${messageOf(error)}`, name, "fatal", { cause: error });
  return new TransportError(`${what}: ${messageOf(error)}`, "NETWORK", "retry", { cause: error });
};

const identify = (error: Error): string | undefined => {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    const { type, code } = at as { readonly type?: unknown; readonly code?: unknown };
    if (typeof type === "string") return type;
    if (typeof code === "string") return code;
    if (at.name === "KafkaJSSASLAuthenticationError") return "SASL_AUTHENTICATION_FAILED";
  }
  return undefined;
};
