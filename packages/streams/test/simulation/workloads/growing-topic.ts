import { copyingWorkload } from "../copying-workload.ts";

/**
 * A topic that gets more partitions while it is read, by a topology whose state does not mind. A key that goes to another
 * partition from then on is read by two tasks.
 */
export const workload = copyingWorkload("growing-topic", "set", { grows: ["growing-topic-in"] });
