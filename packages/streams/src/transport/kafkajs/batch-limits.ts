/** Kafka's limit where a broker does not tell: 1 MiB and the 12 bytes of a batch's offset and length. */
const usualBatchBytes = 1_048_588;

/** How large a topic's batches may be: its max.message.bytes, asked once, and again when a batch was refused. */
export class BatchLimits {
  readonly #config: (topic: string) => Promise<ReadonlyMap<string, string>>;
  readonly #limits = new Map<string, number>();
  readonly #onChange: (topic: string, limit: number) => void;

  /** `config` answers a topic's configuration; `onChange` is told what was found to have changed. */
  constructor(
    config: (topic: string) => Promise<ReadonlyMap<string, string>>,
    onChange: (topic: string, limit: number) => void,
  ) {
    this.#config = config;
    this.#onChange = onChange;
  }

  /** Undefined for a topic that was not asked for. */
  of(topic: string): number | undefined {
    return this.#limits.get(topic);
  }

  async prepare(topics: readonly string[]): Promise<void> {
    await Promise.all(
      topics.map(async (topic) => {
        if (!this.#limits.has(topic)) this.#limits.set(topic, await this.#ask(topic));
      }),
    );
  }

  /** Asks anew. */
  async renewed(topic: string): Promise<number> {
    const limit = await this.#ask(topic);
    if (this.#limits.get(topic) !== limit) this.#onChange(topic, limit);
    this.#limits.set(topic, limit);
    return limit;
  }

  async #ask(topic: string): Promise<number> {
    return Number((await this.#config(topic)).get("max.message.bytes") ?? usualBatchBytes);
  }
}
