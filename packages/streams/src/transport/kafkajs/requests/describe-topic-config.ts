import { checkCode } from "../kafka-error.ts";
import type { Request } from "../request.ts";

const topicResource = 2;
/** Where an entry comes from that was set for the topic. */
const dynamicTopicConfig = 1;

/**
 * DescribeConfigs v1 of one topic: every entry in effect, or those that were set for it; secret ones, which have no value,
 * are left out.
 */
export const describeTopicConfig = (
  topic: string,
  which: "effective" | "own",
): Request<ReadonlyMap<string, string>> => ({
  name: "DescribeConfigs",
  about: `topic ${topic}`,
  apiKey: 32,
  version: 1,
  encode: (encoder) => {
    encoder.writeInt32(1).writeInt8(topicResource).writeString(topic);
    encoder.writeInt32(-1); // all names
    encoder.writeBoolean(false); // synonyms
  },
  decode: (decoder) => {
    decoder.int32(); // throttle time
    const entries = new Map<string, string>();
    decoder.array(() => {
      const errorCode = decoder.int16();
      checkCode(errorCode, `configuration of topic ${topic}`, decoder.string());
      decoder.int8(); // resource type
      decoder.string(); // resource name
      decoder.array(() => {
        const name = decoder.string() ?? "";
        const value = decoder.string();
        decoder.int8(); // read only
        const source = decoder.int8();
        decoder.int8(); // sensitive
        decoder.array(() => [decoder.string(), decoder.string(), decoder.int8()]); // synonyms
        if (value !== null && (which === "effective" || source === dynamicTopicConfig))
          entries.set(name, value);
      });
    });
    return entries;
  },
});
