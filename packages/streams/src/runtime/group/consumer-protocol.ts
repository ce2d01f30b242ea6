import type { TopicPartition } from "../../transport/topic-partition.ts";

// The layouts are ConsumerProtocolSubscription v0 and ConsumerProtocolAssignment v0, so that Kafka's own tools can
// read who has what; what only Millrace needs travels in their user data.

/** ConsumerProtocolSubscription: the topics that a member reads, and what it says of itself besides. */
export const encodeProtocolSubscription = (topics: readonly string[], userData: Buffer): Buffer =>
  Buffer.concat([
    int16(0),
    int32(topics.length),
    ...topics.flatMap(string),
    int32(userData.length),
    userData,
  ]);

/** The user data of a subscription of any version. Throws on bytes that are none. */
export const subscriptionUserData = (data: Buffer): Buffer => {
  const reader = new Reader(data);
  reader.int16();
  for (let left = reader.int32(); left > 0; left--) reader.string();
  return reader.bytes();
};

/** ConsumerProtocolAssignment: partitions for Kafka's tools, and what else the leader says. */
export const encodeProtocolAssignment = (partitions: readonly TopicPartition[], userData: Buffer): Buffer => {
  const byTopic = Map.groupBy(partitions, ({ topic }) => topic);
  return Buffer.concat([
    int16(0),
    int32(byTopic.size),
    ...[...byTopic].flatMap(([topic, members]) => [
      ...string(topic),
      int32(members.length),
      ...members.map(({ partition }) => int32(partition)),
    ]),
    int32(userData.length),
    userData,
  ]);
};

/** The user data of an assignment of any version. Throws on bytes that are none. */
export const assignmentUserData = (data: Buffer): Buffer => {
  const reader = new Reader(data);
  reader.int16();
  for (let topics = reader.int32(); topics > 0; topics--) {
    reader.string();
    for (let left = reader.int32(); left > 0; left--) reader.int32();
  }
  return reader.bytes();
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
    return this.#take(this.int16()).toString("utf8");
  }

  /** Null bytes, too, are read as none. */
  bytes(): Buffer {
    return this.#take(Math.max(0, this.int32()));
  }

  #take(length: number): Buffer {
    const end = this.#at + length;
    if (length < 0 || end > this.#data.length) throw new RangeError("the member's metadata ends too early");
    const taken = this.#data.subarray(this.#at, end);
    this.#at = end;
    return taken;
  }
}
