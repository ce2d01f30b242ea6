import { MillraceError } from "../../errors.ts";
import { SourceQueue, type SourceQueueHooks } from "../../runtime/task/source-queue.ts";
import type { SourceReading } from "../../runtime/topics/source-reading.ts";
import { memoryChunk, type MemoryRecord } from "../memory-chunk.ts";

/** More records than one input is thought to lead to. */
const endless = 100_000;

interface InputPartition {
  readonly pending: MemoryRecord[];
  nextOffset: number;
}

/** What waits to be read, by topic and partition; and how much of it the topology has written itself. */
export class DriverInputs {
  readonly #topics = new Map<string, Map<number, InputPartition>>();
  /** Records written to source topics since the last input, by topic. */
  readonly #fedBack = new Map<string, number>();
  readonly #now: () => number;
  readonly #ready: () => void;
  #begun = 0;

  /** `ready`: a record that could not be read at once can be. */
  constructor(now: () => number, ready: () => void) {
    this.#now = now;
    this.#ready = ready;
  }

  has(topic: string): boolean {
    return this.#topics.has(topic);
  }

  get waiting(): boolean {
    return [...this.#topics.values()].some((partitions) =>
      [...partitions.values()].some(({ pending }) => pending.length > 0),
    );
  }

  /** A record from outside. */
  pipe(topic: string, partition: number, record: MemoryRecord): void {
    this.begin();
    this.#topics.get(topic)?.get(partition)?.pending.push(record);
  }

  /** How many there were so far. */
  get begun(): number {
    return this.#begun;
  }

  /** A new input: what follows comes of it. */
  begin(): void {
    this.#begun++;
    this.#fedBack.clear();
  }

  /** A record that the topology wrote; nothing where nobody reads the topic. */
  feedBack(topic: string, partition: number, record: MemoryRecord): void {
    const input = this.#topics.get(topic)?.get(partition);
    if (input === undefined) return;
    input.pending.push(record);
    this.#fedBack.set(topic, (this.#fedBack.get(topic) ?? 0) + 1);
  }

  /** A topology that feeds itself would never come to an end. */
  checkLoop(): void {
    let records = 0;
    for (const count of this.#fedBack.values()) records += count;
    if (records <= endless) return;
    const topics = [...this.#fedBack.keys()].map((topic) => `"${topic}"`).join(", ");
    throw new MillraceError(
      `one input made more than ${endless} records for ${topics}, which the topology reads again: an endless loop? Let ` +
        "what comes back end somewhere",
      { code: "ENDLESS_LOOP" },
    );
  }

  /** The queue of one partition. */
  queue(
    reading: SourceReading,
    hooks: Pick<SourceQueueHooks, "unreadable" | "undecodable" | "negativeTimestamp">,
  ): SourceQueue {
    const { topic, partition } = reading;
    const partitions = this.#topics.get(topic) ?? new Map<number, InputPartition>();
    this.#topics.set(topic, partitions);
    if (partitions.has(partition)) throw new Error(`"${topic}" is read twice`);
    const input: InputPartition = { pending: [], nextOffset: 0 };
    partitions.set(partition, input);
    return new SourceQueue(
      reading,
      { offset: 0, partitionTime: -1 },
      {
        take: () => {
          const record = input.pending.shift();
          return record === undefined ? undefined : memoryChunk(topic, partition, input.nextOffset++, record);
        },
        end: () => input.nextOffset + input.pending.length,
        fetchFrom: () => undefined,
        now: this.#now,
        ready: this.#ready,
        ...hooks,
      },
    );
  }
}
