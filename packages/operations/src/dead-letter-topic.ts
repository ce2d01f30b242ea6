import { MillraceError, type Transport } from "@millrace/streams";
import { type DeadLetter, deadLetterOf } from "./dead-letter.ts";
import { committedRanges, type OffsetRange, readRecords } from "./read-topic.ts";
import { ledgerKey, readLedger } from "./replay-ledger.ts";

/** A dead-letter topic as it is when it is opened: what comes later is not read. */
export class DeadLetterTopic {
  readonly name: string;
  /** The committed offsets of each partition. */
  readonly ranges: readonly OffsetRange[];
  readonly #transport: Transport;
  readonly #id: string;
  readonly #replayed: ReadonlySet<string>;

  private constructor(
    transport: Transport,
    name: string,
    id: string,
    ranges: readonly OffsetRange[],
    replayed: ReadonlySet<string>,
  ) {
    this.#transport = transport;
    this.name = name;
    this.#id = id;
    this.ranges = ranges;
    this.#replayed = replayed;
  }

  /** Throws MISSING_TOPIC when there is no such topic. */
  static async open(transport: Transport, name: string): Promise<DeadLetterTopic> {
    const metadata = (await transport.describeTopics([name])).get(name);
    if (metadata === undefined)
      throw new MillraceError(
        `topic "${name}" does not exist on these brokers: a dead-letter topic is made when its application starts, ` +
          "and is called <application id>.dead-letter unless it was told otherwise",
        { code: "MISSING_TOPIC" },
      );
    const ranges = await committedRanges(transport, name, metadata.partitions);
    return new DeadLetterTopic(transport, name, metadata.topicId, ranges, await readLedger(transport, name));
  }

  /** What the ledger has it under. */
  ledgerKeyOf(letter: DeadLetter): string {
    return ledgerKey(this.#id, letter);
  }

  wasReplayed(letter: DeadLetter): boolean {
    return this.#replayed.has(this.ledgerKeyOf(letter));
  }

  /** The letters of these ranges, a fetched chunk at a time; of one partition in order. */
  async *read(ranges: readonly OffsetRange[] = this.ranges): AsyncGenerator<readonly DeadLetter[]> {
    for await (const records of readRecords(this.#transport, this.name, ranges))
      yield records.map(deadLetterOf);
  }
}
