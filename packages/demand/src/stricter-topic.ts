import { type Log, type Transport, TransportError } from "@millrace/streams";
import type { DemandSettings } from "./demand-settings.ts";

const setting = "message.timestamp.after.max.ms";

/**
 * A line where the source topic refuses records that `DEMAND_MAX_AHEAD_MS` would let in: our publisher puts their time
 * back as far as the topic wants, as the payload's counts; whoever writes them as they are gets an error from Kafka.
 */
export const tellOfStricterTopic = async (
  transport: Transport,
  { bookingEvents, maxAheadMs }: Pick<DemandSettings, "bookingEvents" | "maxAheadMs">,
  log: Log,
): Promise<void> => {
  let configs: ReadonlyMap<string, string>;
  try {
    configs = await transport.describeTopicConfig(bookingEvents);
  } catch (error) {
    // It is advice: who may not look goes without.
    if (error instanceof TransportError && error.kafkaError.endsWith("_AUTHORIZATION_FAILED")) return;
    throw error;
  }
  const limit = Number(configs.get(setting) ?? Number.POSITIVE_INFINITY);
  if (limit >= maxAheadMs) return;
  log(
    "warn",
    `topic "${bookingEvents}" refuses records whose own time is more than ${limit} ms ahead, and DEMAND_MAX_AHEAD_MS is ` +
      `${maxAheadMs}: raise ${setting} of the topic, unless all that writes to it is our publisher`,
    { topic: bookingEvents, limit, maxAheadMs },
  );
};
