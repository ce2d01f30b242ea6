import type { Request } from "../request.ts";

export interface DeletedTopic {
  readonly topic: string;
  readonly errorCode: number;
}

const timeoutMs = 20_000;

/** DeleteTopics v3. */
export const deleteTopics = (topics: readonly string[]): Request<readonly DeletedTopic[]> => ({
  name: "DeleteTopics",
  apiKey: 20,
  version: 3,
  encode: (encoder) => {
    encoder.writeInt32(topics.length);
    for (const topic of topics) encoder.writeString(topic);
    encoder.writeInt32(timeoutMs);
  },
  decode: (decoder) => {
    decoder.int32(); // throttle time
    return decoder.array(() => ({ topic: decoder.string() ?? "", errorCode: decoder.int16() }));
  },
});
