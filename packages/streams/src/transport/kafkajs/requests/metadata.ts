import type { Request } from "../request.ts";

export interface BrokerAddress {
  readonly node: number;
  readonly host: string;
  readonly port: number;
}

export interface DescribedTopic {
  readonly topic: string;
  /** Base64url, as Kafka's tools print it; KIP-516. */
  readonly topicId: string;
  readonly errorCode: number;
  /** One that Kafka keeps for itself. */
  readonly internal: boolean;
  readonly partitions: readonly {
    readonly partition: number;
    readonly leader: number;
    readonly replicas: number;
  }[];
}

export interface ClusterDescription {
  readonly brokers: readonly BrokerAddress[];
  readonly controller: number;
  readonly topics: readonly DescribedTopic[];
}

const noTopicId = Buffer.alloc(16);

/** Metadata v10: the brokers, and the ids and leaders of just these topics; of all for null. Never creates one. */
export const metadata = (topics: readonly string[] | null): Request<ClusterDescription> => ({
  name: "Metadata",
  apiKey: 3,
  version: 10,
  timeoutMs: 10_000,
  encode: (encoder) => {
    encoder.writeInt8(0); // tags of the request's header
    encoder.writeUVarInt(topics === null ? 0 : topics.length + 1);
    for (const topic of topics ?? []) encoder.writeBuffer(noTopicId).writeUVarIntString(topic).writeInt8(0);
    encoder.writeBoolean(false); // allow_auto_topic_creation
    encoder.writeBoolean(false).writeBoolean(false); // authorized operations of the cluster, of topics
    encoder.writeInt8(0);
  },
  decode: (decoder) => {
    decoder.tags();
    decoder.int32(); // throttle time
    const brokers = decoder.compactArray(() => {
      const address = { node: decoder.int32(), host: decoder.compactString() ?? "", port: decoder.int32() };
      decoder.compactString(); // rack
      decoder.tags();
      return address;
    });
    decoder.compactString(); // cluster id
    const controller = decoder.int32();
    const described = decoder.compactArray(() => {
      const errorCode = decoder.int16();
      const topic = decoder.compactString() ?? "";
      const topicId = decoder.raw(16).toString("base64url");
      const internal = decoder.int8() !== 0;
      const partitions = decoder.compactArray(() => {
        decoder.int16(); // error: says no more than a missing leader does
        const partition = decoder.int32();
        const leader = decoder.int32();
        decoder.int32(); // the leader's epoch
        const replicas = decoder.compactArray(() => decoder.int32()).length;
        decoder.compactArray(() => decoder.int32()); // in sync
        decoder.compactArray(() => decoder.int32()); // offline
        decoder.tags();
        return { partition, leader, replicas };
      });
      decoder.int32(); // authorized operations
      decoder.tags();
      return { topic, topicId, errorCode, internal, partitions };
    });
    return { brokers, controller, topics: described };
  },
});
