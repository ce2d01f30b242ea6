/** Name of a store's changelog topic, as Kafka Streams has it. */
export const changelogTopic = (applicationId: string, store: string): string =>
  `${applicationId}-${store}-changelog`;

/** Name of a topic between two sub-topologies, as Kafka Streams has it. */
export const repartitionTopic = (applicationId: string, topic: string): string => `${applicationId}-${topic}`;
