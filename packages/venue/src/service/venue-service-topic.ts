import { hours } from "@millrace/streams";
import type { ServiceTopic } from "@millrace/service";
import type { VenueTopic } from "../topics.ts";

/**
 * A topic of the venue as a service checks or creates it. `aheadMs`: how far ahead of the clock its records may be, where
 * that is further than Kafka lets them by itself.
 */
export const venueServiceTopic = (
  name: string,
  { partitions, retentionMs }: VenueTopic,
  aheadMs = 0,
): ServiceTopic => ({
  name,
  partitions,
  configs: {
    "retention.ms": String(retentionMs),
    ...(aheadMs > kafkaAheadMs && { "message.timestamp.after.max.ms": String(aheadMs) }),
  },
});

/** `log.message.timestamp.after.max.ms` of Kafka 3.6 and later, unless set. */
const kafkaAheadMs = hours(1);
