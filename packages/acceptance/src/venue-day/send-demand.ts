import { noHeaders, partitionForKey } from "@millrace/streams";
import type { DemandHourly } from "@millrace/venue";
import type { VenueClient } from "../venue-client.ts";

/** Puts demand records into the demand topic, as the aggregator does. */
export const sendDemand = async (
  { transport, demandTopic }: VenueClient,
  metrics: readonly DemandHourly[],
  partitions: number,
): Promise<void> => {
  const producer = await transport.createProducer({ transactionTimeoutMs: 10_000, compression: "none" });
  await producer.prepareTopics([demandTopic.name]);
  for (const metric of metrics) {
    const key = Buffer.from(metric.subLocationId);
    const value = demandTopic.value.serialize(metric);
    const partition = partitionForKey(key, partitions);
    producer.append(demandTopic.name, partition, key, value, metric.timestamp, noHeaders);
  }
  await producer.flush();
  await producer.close();
};
