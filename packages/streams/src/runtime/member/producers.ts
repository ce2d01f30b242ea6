import type { ProducerIdentity } from "../../transport/producer-identity.ts";
import type { ProducerOptions, RecordProducer } from "../../transport/record-producer.ts";
import type { AppSettings } from "../settings/app-options.ts";

/**
 * The producer of each epoch of a member, which all its tasks share (EOS-v2). One that opens after its epoch was shut is
 * closed at once.
 */
export class Producers {
  readonly #settings: AppSettings;
  readonly #transactionalId: string | undefined;
  readonly #topics: Set<string>;
  readonly #onAnswer: ProducerOptions["onAnswer"];
  readonly #opening = new Map<number, Promise<RecordProducer>>();
  /** That of the current epoch, once it is open. */
  current: RecordProducer | undefined;
  #epoch = 0;
  /** Of the last one, with at_least_once: what it has on the wire must not come behind what its successor writes. */
  #last: ProducerIdentity | undefined;
  #closing: Promise<unknown> = Promise.resolve();

  /** `topics`: all that is written to now. `transactionalId` undefined: at_least_once. */
  constructor(
    settings: AppSettings,
    transactionalId: string | undefined,
    topics: Iterable<string>,
    onAnswer: ProducerOptions["onAnswer"],
  ) {
    this.#settings = settings;
    this.#onAnswer = onAnswer;
    this.#transactionalId = transactionalId;
    this.#topics = new Set(topics);
  }

  /** Resolves when it is there. */
  async open(epoch: number): Promise<void> {
    this.#epoch = epoch;
    const opening = this.#open();
    this.#opening.set(epoch, opening);
    const producer = await opening;
    if (this.#epoch !== epoch || !this.#opening.has(epoch)) return;
    this.current = producer;
    this.#last = producer.identity;
  }

  /** Makes topics known that have come since, to the producer that is there, or opens, and those to come. */
  async prepare(topics: readonly string[]): Promise<void> {
    for (const topic of topics) this.#topics.add(topic);
    // Whoever waits for it is told where it can't be opened.
    const producer = await this.#opening.get(this.#epoch)?.catch(() => undefined);
    await producer?.prepareTopics(topics);
  }

  /** Ends it, with all that it has not committed. */
  shut(epoch: number): void {
    const opening = this.#opening.get(epoch);
    this.#opening.delete(epoch);
    if (this.#epoch === epoch) this.current = undefined;
    if (opening === undefined) return;
    const closed = opening.then(
      (producer) => producer.close(),
      // Whoever waits for it is told.
      () => undefined,
    );
    this.#closing = Promise.allSettled([this.#closing, closed]);
  }

  /** Resolves when none that was shut is still being closed. */
  async closed(): Promise<void> {
    await this.#closing;
  }

  async #open(): Promise<RecordProducer> {
    const { transport, transactionTimeoutMs, compression } = this.#settings;
    const producer = await transport.createProducer({
      ...(this.#transactionalId === undefined
        ? { successorOf: this.#last }
        : { transactionalId: this.#transactionalId }),
      transactionTimeoutMs,
      compression,
      onAnswer: this.#onAnswer,
    });
    try {
      await producer.prepareTopics([...this.#topics]);
    } catch (error) {
      await producer.close();
      throw error;
    }
    return producer;
  }
}
