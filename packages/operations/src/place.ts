/** Where a record lies in a topic that is known. */
export interface Place {
  readonly partition: number;
  readonly offset: number;
}

/** `partition:offset`, as people give it and as the ledger has it for a key. */
export const placeText = ({ partition, offset }: Place): string => `${partition}:${offset}`;
