import type { TopicPartition } from "../../transport/topic-partition.ts";

/** What a member says of itself when it joins. */
export interface Subscription {
  readonly topics: readonly string[];
  readonly owned: readonly string[];
  readonly generation: number;
}

/** What the leader tells a member. */
export interface Assignment {
  readonly tasks: readonly string[];
  /** The source partitions of these tasks: shown by tools such as kafka-consumer-groups. */
  readonly partitions: readonly TopicPartition[];
}

// The layouts are ConsumerProtocolSubscription v0 and ConsumerProtocolAssignment v0, so that Kafka's own tools can
// read who has what; what only Millrace needs travels as JSON in their user data.

export const encodeSubscription = ({ topics, owned, generation }: Subscription): Buffer => {
  const user = Buffer.from(JSON.stringify({ owned, generation }));
  return Buffer.concat([int16(0), int32(topics.length), ...topics.flatMap(string), int32(user.length), user]);
};

/** Throws on bytes that no Millrace member wrote. */
export const decodeSubscription = (data: Buffer): Subscription => {
  const reader = new Reader(data);
  reader.int16();
  const topics = Array.from({ length: reader.int32() }, () => reader.string());
  const user = JSON.parse(reader.bytes().toString("utf8")) as {
    owned: readonly string[];
    generation: number;
  };
  return { topics, owned: user.owned, generation: user.generation };
};

export const encodeAssignment = ({ tasks, partitions }: Assignment): Buffer => {
  const byTopic = Map.groupBy(partitions, ({ topic }) => topic);
  const user = Buffer.from(JSON.stringify({ tasks }));
  return Buffer.concat([
    int16(0),
    int32(byTopic.size),
    ...[...byTopic].flatMap(([topic, members]) => [
      ...string(topic),
      int32(members.length),
      ...members.map(({ partition }) => int32(partition)),
    ]),
    int32(user.length),
    user,
  ]);
};

export const decodeAssignment = (data: Buffer): Assignment => {
  if (data.length === 0) return { tasks: [], partitions: [] };
  const reader = new Reader(data);
  reader.int16();
  const partitions = Array.from({ length: reader.int32() }, () => {
    const topic = reader.string();
    return Array.from({ length: reader.int32() }, () => ({ topic, partition: reader.int32() }));
  }).flat();
  const { tasks } = JSON.parse(reader.bytes().toString("utf8")) as { tasks: readonly string[] };
  return { tasks, partitions };
};

const int16 = (value: number): Buffer => {
  const out = Buffer.alloc(2);
  out.writeInt16BE(value);
  return out;
};

const int32 = (value: number): Buffer => {
  const out = Buffer.alloc(4);
  out.writeInt32BE(value);
  return out;
};

const string = (value: string): readonly Buffer[] => {
  const bytes = Buffer.from(value, "utf8");
  return [int16(bytes.length), bytes];
};

class Reader {
  readonly #data: Buffer;
  #at = 0;

  constructor(data: Buffer) {
    this.#data = data;
  }

  int16(): number {
    this.#at += 2;
    return this.#data.readInt16BE(this.#at - 2);
  }

  int32(): number {
    this.#at += 4;
    return this.#data.readInt32BE(this.#at - 4);
  }

  string(): string {
    const length = this.int16();
    this.#at += length;
    return this.#data.toString("utf8", this.#at - length, this.#at);
  }

  bytes(): Buffer {
    const length = this.int32();
    this.#at += length;
    return this.#data.subarray(this.#at - length, this.#at);
  }
}
