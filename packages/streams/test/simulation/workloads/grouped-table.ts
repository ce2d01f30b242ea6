import { townsWorkload } from "../towns-workload.ts";
import type { Workload } from "../workload.ts";

/** A table that is grouped by its values. */
export const workload: Workload = townsWorkload({
  name: "grouped-table",
  stores: ["residents", "population"],
  sourceAsChangelog: false,
});
