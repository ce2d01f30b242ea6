import type { PrometheusSample } from "./prometheus-text.ts";

/** Names one series of a process: its name, and its labels in their order. */
export const seriesKey = ({ name, labels }: Pick<PrometheusSample, "name" | "labels">): string =>
  `${name} ${Object.values(labels).join("\u0000")}`;
