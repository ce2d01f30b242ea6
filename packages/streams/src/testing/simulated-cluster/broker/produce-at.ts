import { TransportError } from "../../../transport/transport-error.ts";
import { refusal } from "./refusal.ts";
import type { SimulatedBrokers } from "./simulated-brokers.ts";
import type { SimulatedBatch } from "./simulated-log.ts";
import type { SimulatedRecord } from "./simulated-record.ts";

/** What the leader of a partition does with a producer's batch; answers the next offset after it. */
export const produceAt = (
  brokers: SimulatedBrokers,
  node: number,
  topic: string,
  partition: number,
  batch: SimulatedBatch,
  transactionalId: string | undefined,
): number => {
  brokers.hiccup(`producing to ${topic}-${partition}`);
  const log = brokers.logAt(node, topic, partition);
  const { configs } = brokers.topic(topic);
  const latest = brokers.clock.now() + Number(configs.get("message.timestamp.after.max.ms"));
  const early = batch.records.filter(({ timestamp }) => timestamp > latest);
  if (early.length > 0) throw refused(topic, partition, early);
  // A broker asks the coordinator whether the transaction knows of the partition (KIP-890).
  const coordinated = transactionalId === undefined ? undefined : brokers.transactionalId(transactionalId);
  if (transactionalId !== undefined && coordinated === undefined)
    throw refusal("INVALID_PRODUCER_ID_MAPPING", `transactional id "${transactionalId}"`);
  return log.append(batch, coordinated?.ongoing(batch, log));
};

const refused = (topic: string, partition: number, records: readonly SimulatedRecord[]): TransportError =>
  new TransportError(
    `${records.length} records for ${topic}-${partition} are too far in the future`,
    "INVALID_TIMESTAMP",
    "record",
    {
      refused: records.map(({ bytes, keyLength, timestamp }) => ({
        topic,
        partition,
        key: keyLength < 0 ? null : bytes.subarray(0, keyLength),
        timestamp,
        reason: `Timestamp ${timestamp} of message is out of range: message.timestamp.after.max.ms`,
      })),
    },
  );
