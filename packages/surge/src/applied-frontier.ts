import type { EventPosition } from "@millrace/mongo";

/** So many records after the last one that was applied before may have been, too: more than are ever under way at once. */
const reach = 10_000;
/** Records of one partition are asked about nearly in order; who goes back further has begun anew. */
const disorder = 1_000;

interface Read {
  highest: number;
  /** From here on nothing was applied before. */
  until: number;
}

/**
 * Knows of which records it is worth asking whether they were applied before: after a start, or where a partition comes
 * to this member, until none has been for a while. What it is wrong about is applied once more, and found out then.
 */
export class AppliedFrontier {
  readonly #partitions = new Map<string, Read>();

  worthAsking({ topicId, partition, offset }: EventPosition): boolean {
    const name = `${topicId}/${partition}`;
    const read = this.#partitions.get(name);
    if (read === undefined || offset < read.highest - disorder || offset > read.highest + reach) {
      this.#partitions.set(name, { highest: offset, until: offset + reach });
      return true;
    }
    if (offset > read.highest) read.highest = offset;
    return offset < read.until;
  }

  applied({ topicId, partition, offset }: EventPosition): void {
    const read = this.#partitions.get(`${topicId}/${partition}`);
    if (read !== undefined) read.until = Math.max(read.until, offset + reach);
  }
}
