import { TransportError } from "../../transport/transport-error.ts";
import type { TopicSpec } from "../../transport/transport.ts";
import type { AppSettings } from "../settings/app-options.ts";
import { anyTimestamp } from "./internal-topic-specs.ts";

/** Creates internal topics; brokers that do not know all of their settings yet get them without. */
export const createInternalTopics = async (
  specs: readonly TopicSpec[],
  { transport, replicationFactor }: Pick<AppSettings, "transport" | "replicationFactor">,
): Promise<void> => {
  if (specs.length === 0) return;
  const topics = specs.map((spec) =>
    replicationFactor === undefined ? spec : { ...spec, replicationFactor },
  );
  try {
    await transport.createTopics(topics);
  } catch (error) {
    if (!(error instanceof TransportError) || error.kafkaError !== "INVALID_CONFIG") throw error;
    // Before Kafka 3.6, which has no such limits either.
    await transport.createTopics(
      topics.map((spec) => ({
        ...spec,
        configs: Object.fromEntries(Object.entries(spec.configs).filter(([name]) => !(name in anyTimestamp))),
      })),
    );
  }
};
