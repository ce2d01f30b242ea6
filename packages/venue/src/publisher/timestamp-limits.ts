import { hours, type Transport, TransportError } from "@millrace/streams";

/** How far from the wall clock a topic lets the timestamps of records be, ms. */
export interface TimestampLimits {
  readonly before: number;
  readonly after: number;
}

/** Kafka's own, unless somebody changed them. */
const kafkaDefaults: TimestampLimits = { before: Number.POSITIVE_INFINITY, after: hours(1) };

/** Of the broker's clock against ours, and of a record's way to it, ms. */
const clockDifference = 60_000;

/** What the topic says. */
export const timestampLimits = async (transport: Transport, topic: string): Promise<TimestampLimits> => {
  let configs: ReadonlyMap<string, string>;
  try {
    configs = await transport.describeTopicConfig(topic);
  } catch (error) {
    // Who may write need not be allowed to look.
    if (error instanceof TransportError && error.kafkaError.endsWith("_AUTHORIZATION_FAILED"))
      return kafkaDefaults;
    throw error;
  }
  const limit = (name: string): number => Number(configs.get(name) ?? Number.POSITIVE_INFINITY);
  // Before Kafka 3.6 there is one for both.
  const both = limit("message.timestamp.difference.max.ms");
  return {
    before: Math.min(both, limit("message.timestamp.before.max.ms")),
    after: Math.min(both, limit("message.timestamp.after.max.ms")),
  };
};

/**
 * The timestamp of the record that carries an event: the event's own, or the nearest to it that the broker takes. The
 * event's own is in its payload, and that one counts.
 */
export const recordTime = (timestamp: number, now: number, { before, after }: TimestampLimits): number =>
  Math.max(now - inside(before), Math.min(now + inside(after), timestamp));

const inside = (limit: number): number => limit - Math.min(clockDifference, limit / 2);
