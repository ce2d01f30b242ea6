import type { Decoder } from "../src/transport/kafkajs/decoder.ts";
import type { Encoder } from "../src/transport/kafkajs/encoder.ts";
import type { Reply, ScriptedCluster, ScriptedRequest } from "./scripted-cluster.ts";

interface Place {
  readonly topic: string;
  readonly partition: number;
}

/** An answer with one error code and nothing else, behind its throttle time. */
export const justCode =
  (code: number): Reply =>
  (encoder) =>
    void encoder.writeInt32(0).writeInt16(code);

/** AddPartitionsToTxn v1's answer, with a code for each partition. */
export const partitionCodes = (body: Decoder, codeOf: (place: Place) => number): Reply => {
  body.string();
  body.int64();
  body.int16();
  const places = placesOf(body, () => undefined);
  return (encoder) => {
    encoder.writeInt32(0);
    writeByTopic(encoder, places, (place) => encoder.writeInt32(place.partition).writeInt16(codeOf(place)));
  };
};

/** TxnOffsetCommit v3's answer, with a code for each partition. */
export const txnOffsetCodes = (body: Decoder, codeOf: (place: Place) => number): Reply => {
  body.tags();
  body.compactString();
  body.compactString();
  body.int64();
  body.int16();
  body.int32();
  body.compactString();
  body.compactString();
  const places = body
    .compactArray(() => {
      const topic = body.compactString() ?? "";
      const ofTopic = body.compactArray(() => {
        const partition = body.int32();
        body.int64();
        body.int32();
        body.compactString();
        body.tags();
        return { topic, partition };
      });
      body.tags();
      return ofTopic;
    })
    .flat();
  return (encoder) => {
    encoder
      .writeInt8(0)
      .writeInt32(0)
      .writeUVarInt(places.length + 1);
    for (const place of places)
      encoder
        .writeUVarIntString(place.topic)
        .writeUVarInt(2)
        .writeInt32(place.partition)
        .writeInt16(codeOf(place))
        .writeInt8(0)
        .writeInt8(0);
    encoder.writeInt8(0);
  };
};

/** What Produce v8 says of a batch. */
export interface ProduceOutcome {
  readonly code: number;
  readonly baseOffset?: number;
  readonly recordErrors?: readonly (readonly [index: number, message: string])[];
  readonly message?: string;
}

/** Produce v8's answer. */
export const produceOutcomes = (
  body: Decoder,
  outcomeOf: (place: Place & { readonly batch: Buffer }) => ProduceOutcome,
): Reply => {
  body.string();
  body.int16();
  body.int32();
  const places = placesOf(body, () => body.bytes() ?? Buffer.alloc(0));
  return (encoder) => {
    writeByTopic(encoder, places, ({ topic, partition, rest: batch }) => {
      const {
        code,
        baseOffset = -1,
        recordErrors = [],
        message = null,
      } = outcomeOf({ topic, partition, batch });
      encoder.writeInt32(partition).writeInt16(code).writeInt64(baseOffset).writeInt64(-1).writeInt64(0);
      encoder.writeInt32(recordErrors.length);
      for (const [index, text] of recordErrors) encoder.writeInt32(index).writeString(text);
      encoder.writeString(message);
    });
    encoder.writeInt32(0);
  };
};

/** What Fetch v11 says of a partition. */
export interface FetchOutcome {
  readonly code?: number;
  readonly endOffset: number;
  readonly records?: Buffer;
}

/** What Fetch v11 asks for. */
export interface FetchPlace extends Place {
  readonly offset: number;
  /** Of this partition. */
  readonly maxBytes: number;
  /** Of the whole answer. */
  readonly responseBytes: number;
}

/** Fetch v11's answer. */
export const fetchOutcomes = (body: Decoder, outcomeOf: (place: FetchPlace) => FetchOutcome): Reply => {
  body.int32();
  body.int32();
  body.int32();
  const responseBytes = body.int32();
  body.int8();
  body.int32();
  body.int32();
  const places = placesOf(body, () => {
    body.int32();
    const offset = body.int64();
    body.int64();
    return { offset, maxBytes: body.int32() };
  });
  return (encoder) => {
    encoder.writeInt32(0).writeInt16(0).writeInt32(0);
    writeByTopic(encoder, places, ({ topic, partition, rest }) => {
      const {
        code = 0,
        endOffset,
        records = Buffer.alloc(0),
      } = outcomeOf({ topic, partition, responseBytes, ...rest });
      encoder
        .writeInt32(partition)
        .writeInt16(code)
        .writeInt64(endOffset)
        .writeInt64(endOffset)
        .writeInt64(0);
      encoder.writeInt32(0).writeInt32(-1).writeBytes(records);
    });
  };
};

const placesOf = <T>(body: Decoder, readRest: () => T): readonly (Place & { readonly rest: T })[] =>
  body
    .array(() => {
      const topic = body.string() ?? "";
      return body.array(() => ({ topic, partition: body.int32(), rest: readRest() }));
    })
    .flat();

const writeByTopic = <T extends Place>(
  encoder: Encoder,
  places: readonly T[],
  write: (place: T) => unknown,
): void => {
  const byTopic = Map.groupBy(places, ({ topic }) => topic);
  encoder.writeInt32(byTopic.size);
  for (const [topic, members] of byTopic) {
    encoder.writeString(topic).writeInt32(members.length);
    for (const place of members) write(place);
  }
};

const metadata = (cluster: ScriptedCluster, { body }: ScriptedRequest): Reply => {
  body.tags();
  const topics = body.compactArray(() => {
    body.raw(16);
    const topic = body.compactString() ?? "";
    body.tags();
    return topic;
  });
  return (encoder) => {
    encoder
      .writeInt8(0)
      .writeInt32(0)
      .writeUVarInt(cluster.known.size + 1);
    for (const node of cluster.known) {
      const { host, port } = cluster.address(node);
      encoder
        .writeInt32(node)
        .writeUVarIntString(host)
        .writeInt32(port)
        .writeUVarIntString(null)
        .writeInt8(0);
    }
    encoder
      .writeUVarIntString("scripted")
      .writeInt32(1)
      .writeUVarInt(topics.length + 1);
    for (const topic of topics) {
      encoder.writeInt16(0).writeUVarIntString(topic).writeBuffer(Buffer.alloc(16, topic)).writeInt8(0);
      encoder.writeUVarInt(cluster.partitions + 1);
      for (let partition = 0; partition < cluster.partitions; partition++) {
        encoder
          .writeInt16(0)
          .writeInt32(partition)
          .writeInt32(cluster.leader(topic, partition))
          .writeInt32(0);
        encoder.writeUVarInt(1).writeUVarInt(1).writeUVarInt(1).writeInt8(0);
      }
      encoder.writeInt32(0).writeInt8(0);
    }
    encoder.writeInt32(0).writeInt8(0);
  };
};

const config = ({ body }: ScriptedRequest): Reply => {
  body.int32();
  body.int8();
  const topic = body.string();
  return (encoder) =>
    void encoder
      .writeInt32(0)
      .writeInt32(1)
      .writeInt16(0)
      .writeString(null)
      .writeInt8(2)
      .writeString(topic)
      .writeInt32(0);
};

/** As a healthy cluster answers that keeps nothing. */
export const defaultAnswers: ReadonlyMap<
  string,
  (cluster: ScriptedCluster, request: ScriptedRequest) => Reply
> = new Map<string, (cluster: ScriptedCluster, request: ScriptedRequest) => Reply>([
  [
    "ApiVersions",
    () => (encoder) => {
      encoder.writeInt16(0).writeInt32(40);
      for (let key = 0; key < 40; key++) encoder.writeInt16(key).writeInt16(0).writeInt16(12);
      encoder.writeInt32(0);
    },
  ],
  ["Metadata", metadata],
  [
    "FindCoordinator",
    (cluster) => (encoder) => {
      const { host, port } = cluster.address(cluster.coordinator);
      encoder.writeInt32(0).writeInt16(0).writeString(null);
      encoder.writeInt32(cluster.coordinator).writeString(host).writeInt32(port);
    },
  ],
  ["InitProducerId", () => (encoder) => void encoder.writeInt32(0).writeInt16(0).writeInt64(7).writeInt16(0)],
  ["AddPartitionsToTxn", (_, { body }) => partitionCodes(body, () => 0)],
  ["AddOffsetsToTxn", () => justCode(0)],
  ["TxnOffsetCommit", (_, { body }) => txnOffsetCodes(body, () => 0)],
  ["EndTxn", () => justCode(0)],
  ["Heartbeat", () => justCode(0)],
  ["Produce", (_, { body }) => produceOutcomes(body, () => ({ code: 0, baseOffset: 0 }))],
  ["Fetch", (_, { body }) => fetchOutcomes(body, () => ({ endOffset: 0 }))],
  ["DescribeConfigs", (_, request) => config(request)],
]);
