import { copyingWorkload } from "../copying-workload.ts";

/**
 * A source that is deleted and made anew on the way: what the new one holds is read, as from a topic that was never read.
 * What is read of it before anybody has noticed comes twice.
 */
export const workload = copyingWorkload("recreated-topic", "covers", {
  app: { onTopicRecreated: "restart" },
  recreated: ["recreated-topic-in"],
  mayEnd: ["TOPIC_DELETED", "TOPIC_RECREATED", "OFFSET_OUT_OF_RANGE"],
});
