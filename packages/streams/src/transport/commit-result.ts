/** What a commit has written. */
export interface CommitResult {
  /**
   * For each partition that was produced to (`topic-partition`, see `topicPartitionName`) the next offset after its last
   * record; the transaction's marker lies at or behind it.
   */
  readonly endOffsets: ReadonlyMap<string, number>;
}
