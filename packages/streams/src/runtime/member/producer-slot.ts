import type { RecordProducer } from "../../transport/record-producer.ts";
import type { AppSettings } from "../app/app-options.ts";
import type { RecordCollector } from "./record-collector.ts";

/**
 * The one producer of a member, which all its tasks share (EOS-v2): opened when the first task starts, and anew after it
 * was discarded with all that was not committed.
 */
export class ProducerSlot {
  readonly #collector: RecordCollector;
  readonly #settings: AppSettings;
  readonly #transactionalId: string | undefined;
  readonly #topics: readonly string[];
  #opening: Promise<RecordProducer> | undefined;

  /** `topics`: all that is ever written to. `transactionalId` undefined: at_least_once. */
  constructor(
    collector: RecordCollector,
    settings: AppSettings,
    transactionalId: string | undefined,
    topics: readonly string[],
  ) {
    this.#collector = collector;
    this.#settings = settings;
    this.#transactionalId = transactionalId;
    this.#topics = topics;
  }

  /** Resolves when it is there. Tasks that start at the same time must get the same: a second one fences the first. */
  async opened(): Promise<void> {
    const opening = (this.#opening ??= this.#open());
    try {
      const producer = await opening;
      // Discarded while it opened, it belongs to nobody.
      if (this.#opening === opening) this.#collector.producer = producer;
    } catch (error) {
      if (this.#opening === opening) this.#opening = undefined;
      throw error;
    }
  }

  /** Ends it, with all that it has not committed. */
  async discard(): Promise<void> {
    const opening = this.#opening;
    this.#opening = undefined;
    this.#collector.producer = undefined;
    if (opening === undefined) return;
    const producer = await opening.catch(() => undefined); // whoever waits for it is told
    await producer?.close();
  }

  async #open(): Promise<RecordProducer> {
    const { transport, transactionTimeoutMs, compression } = this.#settings;
    const producer = await transport.createProducer({
      ...(this.#transactionalId !== undefined && { transactionalId: this.#transactionalId }),
      transactionTimeoutMs,
      compression,
    });
    await producer.prepareTopics(this.#topics);
    return producer;
  }
}
