import { partitionForKey, type Transport } from "@millrace/streams";

/** Topics that the topologies read, and their partitions. */
const partitionsOf = { a: 2, b: 2, c: 1, t: 2 } as const;
type Input = keyof typeof partitionsOf;
const inputs = Object.keys(partitionsOf) as readonly Input[];

const keys = ["k0", "k1", "k2", "k3", "k4", "k5"];
/** Between two records of one topic. */
const apartMs = 4;

/**
 * What is sent at a time: how many records of each topic, and what is special about them. The JVM forgets its stream times
 * when it stops, and is killed at any record of the third part: so late records come where it has met newer ones of all
 * keys, and not there. Near the end time leaps, so that all windows before it close.
 */
const parts: readonly {
  readonly length: number;
  readonly late?: readonly number[];
  readonly leapAt?: number;
}[] = [
  { length: 60 },
  { length: 60, late: [7, 9] },
  { length: 30 },
  { length: 60, late: [7, 9], leapAt: 40 },
];

/** Which of the parts: the first is read by the first engine, the next two by the second, the last by the third. */
type Part = 0 | 1 | 2 | 3;

interface InputRecord {
  readonly input: Input;
  readonly key: string;
  readonly value: string | null;
  readonly timestamp: number;
}

/** A small generator of its own: the same on every run. */
const dice = (seed: number): ((below: number) => number) => {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
};

/**
 * The records of a part, in order. They are 4 ms apart, up to 12 ms out of order, and no two topics have one time. Each part
 * begins where the one before ends, in the middle of windows, with records of all keys that are newer than all before.
 */
const recordsOf = (part: Part, start: number): readonly InputRecord[] => {
  const { length = 0, late = [], leapAt = Infinity } = parts[part] ?? {};
  const random = dice(part + 1);
  const begin = start + parts.slice(0, part).reduce((sum, { length: before }) => sum + before, 0) * apartMs;
  const records: InputRecord[] = [];
  for (let n = 0; n < length; n++)
    for (const [at, input] of inputs.entries()) {
      const begins = n < keys.length;
      const key = begins ? keys[n] : keys[random(keys.length)];
      const letter = String.fromCharCode(97 + random(5));
      const back = late.includes(n) ? 300 : begins ? 0 : apartMs * random(4);
      records.push({
        input,
        key: key ?? "",
        value: input === "t" && letter === "d" ? null : `${letter}${part}${n}`,
        timestamp: begin + n * apartMs + at - back + (n > leapAt ? 400 : 0),
      });
    }
  return records;
};

/** The topics of one run, and what is sent to them. */
export class InterchangeInputs {
  readonly prefix: string;
  readonly #transport: Transport;
  /** Times are of today: what is older than a changelog's retention is deleted. */
  readonly #start: number;

  constructor(transport: Transport, prefix: string) {
    this.#transport = transport;
    this.prefix = prefix;
    // Windows begin at the same places in every run.
    this.#start = Math.floor(Date.now() / 600_000 - 1) * 600_000;
  }

  get topics(): readonly string[] {
    return inputs.map((input) => this.#topic(input));
  }

  async create(): Promise<void> {
    await this.#transport.createTopics(
      inputs.map((input) => ({
        topic: this.#topic(input),
        partitions: partitionsOf[input],
        configs: { "retention.ms": "-1" },
      })),
    );
  }

  /** Every record has a header that says which it is. */
  async send(part: Part): Promise<void> {
    const producer = await this.#transport.createProducer({
      transactionTimeoutMs: 10_000,
      compression: "none",
    });
    await producer.prepareTopics(this.topics);
    for (const { input, key, value, timestamp } of recordsOf(part, this.#start)) {
      const bytes = Buffer.from(key);
      producer.append(
        this.#topic(input),
        partitionForKey(bytes, partitionsOf[input]),
        bytes,
        value === null ? null : Buffer.from(value),
        timestamp,
        [["from", Buffer.from(`${input}${value}`)]],
      );
    }
    await producer.flush();
    await producer.close();
  }

  #topic(input: Input): string {
    return `${this.prefix}-${input}`;
  }
}
