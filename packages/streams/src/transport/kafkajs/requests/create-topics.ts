import type { TopicSpec } from "../../transport.ts";
import type { Request } from "../request.ts";

export interface CreatedTopic {
  readonly topic: string;
  readonly errorCode: number;
  readonly message: string | null;
}

const timeoutMs = 20_000;

/** CreateTopics v4: the first in which -1 replicas means the broker's default (KIP-464). */
export const createTopics = (topics: readonly TopicSpec[]): Request<readonly CreatedTopic[]> => ({
  name: "CreateTopics",
  apiKey: 19,
  version: 4,
  encode: (encoder) => {
    encoder.writeInt32(topics.length);
    for (const { topic, partitions, replicationFactor = -1, configs } of topics) {
      encoder.writeString(topic).writeInt32(partitions).writeInt16(replicationFactor);
      encoder.writeInt32(0); // assignments
      const entries = Object.entries(configs);
      encoder.writeInt32(entries.length);
      for (const [name, value] of entries) encoder.writeString(name).writeString(value);
    }
    encoder.writeInt32(timeoutMs).writeBoolean(false); // validate only
  },
  decode: (decoder) => {
    decoder.int32(); // throttle time
    return decoder.array(() => ({
      topic: decoder.string() ?? "",
      errorCode: decoder.int16(),
      message: decoder.string(),
    }));
  },
});
