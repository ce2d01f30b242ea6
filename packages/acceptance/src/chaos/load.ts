import { setTimeout as sleep } from "node:timers/promises";
import { noHeaders, type RecordProducer, type Transport } from "@millrace/streams";
import { clicks, topics, visits } from "./pipeline.ts";

/** Between two batches, ms, and records of each topic in one. */
const everyMs = 50;
const clicksAtOnce = 20;
const visitsAtOnce = 10;
const keys = 40;

/** Writes clicks and visits, batch after batch, whatever becomes of brokers; what it gave up for lost is not sent again. */
export class Load {
  readonly #transport: Transport;
  #clickPartitions = topics.get(clicks.name) ?? 0;
  #producer: RecordProducer | undefined;
  #sent = 0;
  #paused = false;
  #closed = false;
  /** The batch that is on its way. */
  #writing: Promise<void> = Promise.resolve();
  readonly #ended: Promise<void>;

  constructor(transport: Transport) {
    this.#transport = transport;
    this.#ended = this.#run();
  }

  /** The clicks have that many partitions now. */
  clicksGrow(partitions: number): void {
    this.#clickPartitions = partitions;
  }

  resume(): void {
    this.#paused = false;
  }

  /** Resolves when nothing is on its way any more; then one visit in each partition closes the windows before it. */
  async pause(closeAfterMs: number): Promise<void> {
    this.#paused = true;
    await this.#writing;
    await sleep(closeAfterMs);
    // Twice: the first may find a producer that brokers have given up meanwhile.
    await this.#write(closeWindows).catch(() => this.#write(closeWindows));
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#ended;
    await this.#producer?.close();
  }

  async #run(): Promise<void> {
    while (!this.#closed) {
      if (!this.#paused) {
        this.#writing = this.#write((producer) => this.#batch(producer)).catch(() => undefined);
        await this.#writing;
      }
      await sleep(everyMs);
    }
  }

  #batch(producer: RecordProducer): void {
    const now = Date.now();
    for (let n = 0; n < clicksAtOnce; n++, this.#sent++)
      producer.append(
        clicks.name,
        this.#sent % this.#clickPartitions,
        Buffer.from(`p${this.#sent % keys}`),
        Buffer.from(`${this.#sent}`),
        now,
        noHeaders,
      );
    const visitPartitions = topics.get(visits.name) ?? 1;
    for (let n = 0; n < visitsAtOnce; n++) {
      const key = (this.#sent + n * 7) % keys;
      producer.append(visits.name, key % visitPartitions, Buffer.from(`v${key}`), nothing, now, noHeaders);
    }
  }

  /** Rejects where it can't be told what became of it; the next one begins with another producer. */
  async #write(append: (producer: RecordProducer) => void): Promise<void> {
    try {
      this.#producer ??= await this.#open();
      append(this.#producer);
      await this.#producer.flush();
    } catch (error) {
      const producer = this.#producer;
      this.#producer = undefined;
      await producer?.close();
      throw error;
    }
  }

  async #open(): Promise<RecordProducer> {
    const producer = await this.#transport.createProducer({
      transactionTimeoutMs: 10_000,
      compression: "none",
    });
    await producer.prepareTopics([clicks.name, visits.name]);
    return producer;
  }
}

const nothing = Buffer.alloc(0);

const closeWindows = (producer: RecordProducer): void => {
  for (let partition = 0; partition < (topics.get(visits.name) ?? 0); partition++)
    producer.append(
      visits.name,
      partition,
      Buffer.from(`close-${partition}`),
      nothing,
      Date.now(),
      noHeaders,
    );
};
