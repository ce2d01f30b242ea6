import type { Request } from "../request.ts";

export interface BrokerAddress {
  readonly node: number;
  readonly host: string;
  readonly port: number;
}

export interface DescribedTopic {
  readonly topic: string;
  readonly errorCode: number;
  readonly partitions: readonly { readonly partition: number; readonly leader: number }[];
}

export interface ClusterDescription {
  readonly brokers: readonly BrokerAddress[];
  readonly controller: number;
  readonly topics: readonly DescribedTopic[];
}

/** Metadata v5: the brokers, and the leaders of just these topics. Never creates one. */
export const metadata = (topics: readonly string[]): Request<ClusterDescription> => ({
  name: "Metadata",
  apiKey: 3,
  version: 5,
  timeoutMs: 10_000,
  encode: (encoder) => {
    encoder.writeInt32(topics.length);
    for (const topic of topics) encoder.writeString(topic);
    encoder.writeBoolean(false); // allow_auto_topic_creation
  },
  decode: (decoder) => {
    decoder.int32(); // throttle time
    const brokers = decoder.array(() => {
      const address = { node: decoder.int32(), host: decoder.string() ?? "", port: decoder.int32() };
      decoder.string(); // rack
      return address;
    });
    decoder.string(); // cluster id
    const controller = decoder.int32();
    const described = decoder.array(() => {
      const errorCode = decoder.int16();
      const topic = decoder.string() ?? "";
      decoder.int8(); // is internal
      const partitions = decoder.array(() => {
        decoder.int16(); // error: says no more than a missing leader does
        const place = { partition: decoder.int32(), leader: decoder.int32() };
        decoder.array(() => decoder.int32()); // replicas
        decoder.array(() => decoder.int32()); // in sync
        decoder.array(() => decoder.int32()); // offline
        return place;
      });
      return { topic, errorCode, partitions };
    });
    return { brokers, controller, topics: described };
  },
});
