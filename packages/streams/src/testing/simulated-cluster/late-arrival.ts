import type { TopicPartition } from "../../transport/topic-partition.ts";

/** Something that a broker took when whoever had sent it was gone: its process was killed, or its producer closed. */
export interface LateArrival {
  /** Name of the process. */
  readonly process: string;
  readonly request: string;
  /** Of records: the partition that they are in now, and the offset of the first. */
  readonly wrote?: TopicPartition & { readonly offset: number };
}
