import type { HealthEvent } from "../../transport/health-event.ts";
import type { Log } from "../../log.ts";

/** Tells of brokers that do not answer, and when they do again; and of what is not answered, where it is no one broker's. */
export const outageLog =
  (log: Log) =>
  ({ broker, node, state, request, sinceMs }: HealthEvent): void => {
    const fields = { broker, node, request, sinceMs: Math.round(sinceMs) };
    const seconds = (sinceMs / 1_000).toFixed(1);
    if (state === "unreachable")
      log(
        "warn",
        broker === ""
          ? `not done for ${seconds} s, and tried again: ${request}`
          : `broker ${broker} (node ${node}) has not answered ${request} for ${seconds} s`,
        fields,
      );
    else
      log(
        "info",
        broker === ""
          ? `done after ${seconds} s: ${request}`
          : `broker ${broker} (node ${node}) answers again, after ${seconds} s`,
        fields,
      );
  };
