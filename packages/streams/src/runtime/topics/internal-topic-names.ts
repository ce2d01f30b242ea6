/** Name of a store's changelog topic, as Kafka Streams has it. */
export const changelogTopic = (applicationId: string, store: string): string =>
  `${applicationId}-${store}-changelog`;

/** Name of a repartition topic, as Kafka Streams has it. */
export const repartitionTopic = (applicationId: string, name: string): string =>
  `${applicationId}-${name}-repartition`;
