import type { Headers } from "../../record.ts";
import type { RecordPosition } from "../../topic.ts";
import type { RecordTrace } from "./record-tracer.ts";

/** A record as it was read: what a dead letter is made of. */
export interface TakenRecord {
  readonly headPosition: RecordPosition;
  readonly rawKey: Buffer | null;
  readonly rawValue: Buffer | null;
  readonly headers: Headers;
  /** The timestamp of the Kafka record, ms, whatever an extractor made of it. */
  readonly rawTimestamp: number;
  /** How it is followed, where it is. */
  readonly trace?: RecordTrace | undefined;
}
