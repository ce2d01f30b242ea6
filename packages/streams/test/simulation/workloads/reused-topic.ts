import { townsWorkload } from "../towns-workload.ts";
import type { Workload } from "../workload.ts";

/**
 * A table that is restored from its topic, and whose standbys follow that, grouped by its values: a row that is there
 * before its task has read it is never taken out of its old group.
 */
export const workload: Workload = townsWorkload({
  name: "reused-topic",
  stores: ["population"],
  sourceAsChangelog: true,
});
