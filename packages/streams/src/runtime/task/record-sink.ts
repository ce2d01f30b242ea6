import type { Headers } from "../../record.ts";
import type { SinkTopic } from "../../topic.ts";

/** Where a task's results go: the member's producer, or the test driver. Topic names are those on the broker. */
export interface RecordSink {
  /** `partition` undefined: by the key's murmur2, round robin for null keys. */
  send<K, V>(
    topic: SinkTopic<K, V>,
    key: K,
    value: V,
    timestamp: number,
    headers: Headers,
    partition: number | undefined,
  ): void;
  sendBytes(
    topic: string,
    partition: number | undefined,
    key: Uint8Array | null,
    value: Uint8Array | null,
    timestamp: number,
    headers: Headers,
  ): void;
}
