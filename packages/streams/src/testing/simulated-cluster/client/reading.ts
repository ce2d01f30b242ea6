import type { FetchedChunk } from "../../../transport/fetcher.ts";
import { topicPartitionName } from "../../../transport/topic-partition.ts";
import type { TransportError } from "../../../transport/transport-error.ts";

/** Where a fetcher stands in one partition. Lives from `add` to `remove`: what comes for it afterwards goes nowhere. */
export class Reading {
  readonly topic: string;
  readonly partition: number;
  readonly name: string;
  /** Next offset to ask for. */
  position: number;
  readonly chunks: FetchedChunk[] = [];
  buffered = 0;
  /** A request with this partition is on the wire, or waits before the next try. */
  busy = false;
  /** No broker has answered for it yet: where its end is should be known at once. */
  fresh = true;
  endOffset = -1;
  reportedEnd = -1;
  failure: TransportError | undefined;
  missingSince: number | undefined;
  #failed = false;

  constructor(topic: string, partition: number, position: number) {
    this.topic = topic;
    this.partition = partition;
    this.name = topicPartitionName(topic, partition);
    this.position = position;
  }

  /** The next chunk; throws, once, what keeps it from being read any further. */
  take(): FetchedChunk | undefined {
    const chunk = this.chunks.shift();
    if (chunk !== undefined) this.buffered -= chunk.byteLength;
    else if (this.failure !== undefined && !this.#failed) {
      this.#failed = true;
      throw this.failure;
    }
    return chunk;
  }
}
