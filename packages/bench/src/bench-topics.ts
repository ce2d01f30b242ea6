import type { Transport } from "@millrace/streams";

/** Of every topic of a benchmark. */
export const partitions = 4;

/** Creates topics that keep their records, however old those say that they are. */
export const createTopics = (transport: Transport, topics: readonly string[]): Promise<void> =>
  transport.createTopics(topics.map((topic) => ({ topic, partitions, configs: { "retention.ms": "-1" } })));
