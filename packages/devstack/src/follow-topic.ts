import type { Topic, Transport } from "@millrace/streams";
import { partitionsOf } from "./partitions-of.ts";
import { type ReadRecord, TopicReader } from "./topic-reader.ts";

/** Reads a topic from its beginning on, what is committed of it, in all partitions that it has now, until it is closed. */
export const followTopic = async <K, V>(
  transport: Transport,
  topic: Topic<K, V>,
  onRecord: (record: ReadRecord<K, V>) => void,
): Promise<TopicReader<K, V>> => {
  const reader = new TopicReader(transport, topic, onRecord);
  reader.grow((await partitionsOf(transport, [topic.name])).length);
  return reader;
};
