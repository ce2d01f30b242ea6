import type { Transport } from "@millrace/streams";
import { type Place, placeText } from "./place.ts";
import { committedRanges, readRecords } from "./read-topic.ts";

/**
 * Which dead letters were replayed: a compacted topic beside theirs, written in the transaction that replays them. So
 * a letter is replayed once, however often it is asked for and whenever the command is killed.
 */
export const ledgerTopicOf = (topic: string): string => `${topic}.replayed`;

/** The topic's id is part of it: a topic that was deleted and made again has other letters at the same places. */
export const ledgerKey = (topicId: string, place: Place): string => `${topicId}:${placeText(place)}`;

/** The keys of all letters that were replayed; none where nothing ever was. */
export const readLedger = async (transport: Transport, topic: string): Promise<ReadonlySet<string>> => {
  const ledger = ledgerTopicOf(topic);
  const replayed = new Set<string>();
  const metadata = (await transport.describeTopics([ledger])).get(ledger);
  if (metadata === undefined) return replayed;
  const ranges = await committedRanges(transport, ledger, metadata.partitions);
  for await (const records of readRecords(transport, ledger, ranges))
    for (const { key } of records) if (key !== null) replayed.add(key.toString("utf8"));
  return replayed;
};

export const createLedger = (transport: Transport, topic: string): Promise<void> =>
  transport.createTopics([
    { topic: ledgerTopicOf(topic), partitions: 1, configs: { "cleanup.policy": "compact" } },
  ]);
