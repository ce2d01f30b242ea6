import { type ReadRecord, TopicReader } from "@millrace/devstack";
import type { Transport } from "@millrace/streams";
import { clicks, copies, counts, finals, topics, visits, windowMs } from "./pipeline.ts";

/** At most so many differences are told at once. */
const mostTold = 12;

/**
 * What went in and what came out, and whether the one follows from the other: from the topics alone, by a calculation of
 * its own. What the load wrote is what the logs have of it.
 */
export class Ledger {
  readonly #clicks = new Map<string, number>();
  readonly #copies = new Map<string, number>();
  readonly #clicksPerKey = new Map<string, number>();
  readonly #counts = new Map<string, number>();
  readonly #visits = new Map<string, number>();
  readonly #finals = new Map<string, number>();
  /** Of each partition of the visits, ms. */
  readonly #streamTime = new Map<number, number>();
  /** In which partition the visits of a key are. */
  readonly #partitionOf = new Map<string, number>();
  /** What can't be right, whatever comes. */
  readonly #wrong: string[] = [];
  readonly #readers: readonly { grow(partitions: number): void; close(): Promise<void> }[];
  readonly #clickReader: TopicReader<string, string>;

  constructor(transport: Transport) {
    this.#clickReader = new TopicReader(transport, clicks, ({ key, value }) => {
      add(this.#clicks, value);
      add(this.#clicksPerKey, key);
    });
    const others = [
      new TopicReader(transport, copies, ({ value }) => {
        if (add(this.#copies, value) > 1) this.#wrong.push(`the copy of click ${value} is there twice`);
      }),
      new TopicReader(transport, counts, ({ key, value }) => {
        const before = this.#counts.get(key) ?? 0;
        if (value <= before) this.#wrong.push(`the count of ${key} is ${value} after ${before}`);
        this.#counts.set(key, value);
      }),
      new TopicReader(transport, visits, (visit) => this.#visited(visit)),
      new TopicReader(transport, finals, ({ key: { key, start }, value }) => {
        const window = `${key}@${start}`;
        if (this.#finals.has(window)) this.#wrong.push(`the final of ${window} is there twice`);
        this.#finals.set(window, value);
      }),
    ];
    this.#readers = [this.#clickReader, ...others];
    for (const [at, topic] of [clicks, copies, counts, visits, finals].entries())
      this.#readers[at]?.grow(topics.get(topic.name) ?? 0);
  }

  /** The clicks have that many partitions now. */
  clicksGrow(partitions: number): void {
    this.#clickReader.grow(partitions);
  }

  get clickPartitions(): number {
    return this.#clickReader.partitions;
  }

  /** Records that went in so far. */
  get recordsIn(): number {
    return sum(this.#clicks) + sum(this.#visits);
  }

  /** What differs between what came out and what had to; empty when all is there, and all of it once. */
  get differences(): readonly string[] {
    const lines = [
      ...this.#wrong,
      ...differing("copies of click", this.#clicks, this.#copies),
      ...differing("clicks counted of", this.#clicksPerKey, this.#counts),
      ...differing("visits in the final of", this.#closedWindows(), this.#finals),
    ];
    return lines.length <= mostTold
      ? lines
      : [...lines.slice(0, mostTold), `and ${lines.length - mostTold} more differences`];
  }

  async close(): Promise<void> {
    for (const reader of this.#readers) await reader.close();
  }

  #visited({ partition, key, timestamp }: ReadRecord<string, string>): void {
    const streamTime = Math.max(this.#streamTime.get(partition) ?? 0, timestamp);
    this.#streamTime.set(partition, streamTime);
    const start = timestamp - (timestamp % windowMs);
    // A batch that was given up for lost may come late: its windows have closed.
    if (start + windowMs <= streamTime) return;
    add(this.#visits, `${key}@${start}`);
    this.#partitionOf.set(key, partition);
  }

  #closedWindows(): ReadonlyMap<string, number> {
    return new Map(
      [...this.#visits].filter(([window]) => {
        const [key = "", start] = window.split("@");
        const streamTime = this.#streamTime.get(this.#partitionOf.get(key) ?? -1) ?? 0;
        return Number(start) + windowMs <= streamTime;
      }),
    );
  }
}

const add = (numbers: Map<string, number>, name: string): number => {
  const number = (numbers.get(name) ?? 0) + 1;
  numbers.set(name, number);
  return number;
};

const sum = (numbers: ReadonlyMap<string, number>): number => {
  let total = 0;
  for (const number of numbers.values()) total += number;
  return total;
};

const differing = (
  what: string,
  expected: ReadonlyMap<string, number>,
  actual: ReadonlyMap<string, number>,
): readonly string[] => {
  const lines: string[] = [];
  for (const [name, number] of expected)
    if (actual.get(name) !== number) lines.push(`${actual.get(name) ?? 0} of ${number} ${what} ${name}`);
  for (const [name, number] of actual)
    if (!expected.has(name)) lines.push(`${number} ${what} ${name}, of which there is none`);
  return lines;
};
