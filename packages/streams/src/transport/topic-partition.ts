/** One partition of one topic. */
export interface TopicPartition {
  readonly topic: string;
  readonly partition: number;
}

/** `topic-partition`, as Kafka's logs write it: unique, and good as a Map key. */
export const topicPartitionName = (topic: string, partition: number): string => `${topic}-${partition}`;
