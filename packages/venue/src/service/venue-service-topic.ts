import type { ServiceTopic } from "@millrace/service";
import type { VenueTopic } from "../topics.ts";

/** A topic of the venue as a service checks or creates it. */
export const venueServiceTopic = (name: string, { partitions, retentionMs }: VenueTopic): ServiceTopic => ({
  name,
  partitions,
  configs: { "retention.ms": String(retentionMs) },
});
