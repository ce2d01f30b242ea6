import type { Windows } from "../windowing.ts";

/** How long after its end a window takes records, in stream time, ms; without an end where it has none. */
export const closesAfter = (windows: Windows): number =>
  windows.type === "session"
    ? windows.gap + windows.grace
    : windows.type === "time" && windows.size === Number.POSITIVE_INFINITY
      ? windows.size
      : windows.grace;
