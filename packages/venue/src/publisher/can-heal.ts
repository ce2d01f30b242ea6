import { MillraceError, TransportError } from "@millrace/streams";

/** Whether a new attempt with a new producer may succeed with nothing mended by anybody. */
export const canHeal = (error: unknown): boolean =>
  error instanceof TransportError
    ? error.rank === "retry" || error.rank === "void"
    : error instanceof MillraceError && error.retriable;
