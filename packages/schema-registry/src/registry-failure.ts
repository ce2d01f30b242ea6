/** What a failed request to a registry means. */
export type FailureKind =
  /** The registry says that there is no such thing. */
  | "missing"
  /** The registry will not take the schema as a version of its subject. */
  | "incompatible"
  /** It forbids the request or finds it wrong. */
  | "refused"
  /** Nobody answered, or not the registry: asking again can help. */
  | "unreachable"
  /** One of the two sides does not trust the other's certificate, or wants one. */
  | "untrusted"
  /** It answered, and the answer is of no use. */
  | "useless";

/** A request to a registry that gave nothing. Never leaves this package. */
export class RegistryFailure extends Error {
  override readonly name = "RegistryFailure";
  readonly kind: FailureKind;

  constructor(kind: FailureKind, reason: string, options?: ErrorOptions) {
    super(reason, options);
    this.kind = kind;
  }

  /** Of an HTTP status; a registry says why in JSON, and what stands before it does not. */
  static of(status: number, answer: unknown): RegistryFailure {
    const said = messageIn(answer);
    const reason = said === undefined ? `HTTP ${status}` : `${said} (HTTP ${status})`;
    if (status === 401 || status === 403) return new RegistryFailure("refused", reason);
    if (said === undefined)
      return new RegistryFailure("unreachable", `${reason}, but not from a schema registry`);
    if (status === 404) return new RegistryFailure("missing", reason);
    if (status === 409) return new RegistryFailure("incompatible", reason);
    if (status >= 500 || status === 429 || status === 408) return new RegistryFailure("unreachable", reason);
    return new RegistryFailure("refused", reason);
  }
}

const messageIn = (answer: unknown): string | undefined => {
  if (typeof answer !== "object" || answer === null) return undefined;
  if ("message" in answer && typeof answer.message === "string") return answer.message;
  return "error_code" in answer ? `error ${String(answer.error_code)}` : undefined;
};
