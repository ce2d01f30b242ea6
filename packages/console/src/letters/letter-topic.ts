import {
  bytesText,
  committedRanges,
  countReason,
  type DeadLetter,
  DeadLetterTopic,
  ledgerTopicOf,
  oneLine,
  type OffsetRange,
  placeText,
  type ReasonCount,
  sourceText,
} from "@millrace/operations";
import type { Transport } from "@millrace/streams";
import type { LetterTopicView, LetterView } from "../protocol/letters-view.ts";

const mostShown = 200;

/**
 * The letters of one topic, read once: what comes later is added. Only when letters are replayed, or the topic is made anew,
 * it is read from its beginning again.
 */
export class LetterTopic {
  readonly name: string;
  #opened: DeadLetterTopic | undefined;
  /** Which topic this is, and where its ledger ends. */
  #edition = "";
  #readTo = new Map<number, number>();
  #reasons = new Map<string, ReasonCount>();
  #latest: readonly DeadLetter[] = [];

  constructor(name: string) {
    this.name = name;
  }

  /** How it stands now. Rejects where it can't be read. */
  async look(transport: Transport): Promise<LetterTopicView> {
    const ledger = ledgerTopicOf(this.name);
    const described = await transport.describeTopics([this.name, ledger]);
    const ledgerEnds = (await committedRanges(transport, ledger, described.get(ledger)?.partitions ?? 0)).map(
      ({ to }) => to,
    );
    const edition = [described.get(this.name)?.topicId, ...ledgerEnds].join(" ");
    if (edition !== this.#edition || this.#opened === undefined) this.#forget();
    const ranges = await committedRanges(transport, this.name, described.get(this.name)?.partitions ?? 0);
    const unread = ranges.map(({ partition, from, to }): OffsetRange => ({
      partition,
      from: Math.max(from, this.#readTo.get(partition) ?? 0),
      to,
    }));
    if (this.#opened === undefined) this.#opened = await DeadLetterTopic.open(transport, this.name);
    if (unread.some(({ from, to }) => from < to)) await this.#read(this.#opened, unread);
    this.#edition = edition;
    return this.#view(this.#opened);
  }

  #forget(): void {
    this.#opened = undefined;
    this.#readTo.clear();
    this.#reasons.clear();
    this.#latest = [];
  }

  async #read(topic: DeadLetterTopic, ranges: readonly OffsetRange[]): Promise<void> {
    for await (const letters of topic.read(ranges)) {
      for (const letter of letters) {
        this.#reasons.set(letter.reason, countReason(this.#reasons.get(letter.reason), letter, topic));
        this.#readTo.set(letter.partition, letter.offset + 1);
      }
      this.#latest = [...this.#latest, ...letters]
        .toSorted((a, b) => b.timestamp - a.timestamp || b.offset - a.offset)
        .slice(0, mostShown);
    }
    // Behind the last letter there may be a transaction's mark.
    for (const { partition, to } of ranges) this.#readTo.set(partition, to);
  }

  #view(topic: DeadLetterTopic): LetterTopicView {
    const reasons = [...this.#reasons.values()].toSorted((a, b) => b.count - a.count);
    return {
      topic: this.name,
      problem: undefined,
      count: reasons.reduce((sum, { count }) => sum + count, 0),
      replayed: reasons.reduce((sum, { replayed }) => sum + replayed, 0),
      reasons,
      latest: this.#latest.map((letter) => letterView(letter, topic)),
    };
  }
}

const longestMessage = 240;

const letterView = (letter: DeadLetter, topic: DeadLetterTopic): LetterView => ({
  place: placeText(letter),
  reason: oneLine(letter.reason),
  message: oneLine(letter.message).slice(0, longestMessage),
  at: letter.timestamp,
  source: oneLine(sourceText(letter.source)),
  key: bytesText(letter.key),
  replayed: topic.wasReplayed(letter),
});
