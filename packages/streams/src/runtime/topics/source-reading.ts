import type { Headers } from "../../record.ts";
import type { ErasedSerde } from "../../serde.ts";
import type { ExtractedRecord } from "../../topic.ts";
import type { BatchReader } from "../../transport/codec/batch-reader.ts";
import { checkTimestamp } from "../task/timestamp.ts";

/** How one source node reads the records of its topic. */
export interface SourceReading {
  readonly topic: string;
  readonly partition: number;
  readonly key: ErasedSerde;
  readonly value: ErasedSerde;
  readonly timestamp:
    | ((record: ExtractedRecord<unknown, unknown>, partitionTime: number) => number)
    | undefined;
}

/** A record as one reading sees it; overwritten by the next. */
export interface ReadRecord {
  key: unknown;
  value: unknown;
  timestamp: number;
}

/**
 * Reads the record that the cursor stands on into `target`. Throws what the serdes or the timestamp extractor throw, and
 * INVALID_TIMESTAMP for a time that is no number, or beyond what a number holds; a negative one is an answer of its own: leave it out.
 */
export const readInto = (
  target: ReadRecord,
  { topic, partition, key, value, timestamp }: SourceReading,
  records: BatchReader,
  partitionTime: number,
): void => {
  const readKey = key.deserialize(records.buffer, records.keyStart, records.keyEnd);
  const readValue = value.deserialize(records.buffer, records.valueStart, records.valueEnd);
  if (timestamp === undefined) {
    // Kafka takes any long, and a clock in nanoseconds would close every window.
    if (records.timestamp > Number.MAX_SAFE_INTEGER) checkTimestamp(records.timestamp);
    target.timestamp = records.timestamp;
  } else {
    const headers: Headers = records.headers();
    const at = timestamp(
      {
        topic,
        partition,
        offset: records.offset,
        key: readKey,
        value: readValue,
        timestamp: records.timestamp,
        headers,
      },
      partitionTime,
    );
    if (!(Number.isSafeInteger(at) && at < 0)) checkTimestamp(at);
    target.timestamp = at;
  }
  target.key = readKey;
  target.value = readValue;
};
