import type { Transport } from "@millrace/streams";
import type { KafkaView } from "../protocol/console-state.ts";

/** The Kafka of a console. */
export interface KafkaLinkOptions {
  /** For people, without a password. */
  readonly address: string;
  readonly transport: Transport;
}

/** One connection to Kafka for everything that the console does; made when it is needed first, and tried again where it could not be. */
export class KafkaLink {
  readonly #options: KafkaLinkOptions | undefined;
  #connecting: Promise<void> | undefined;
  #problem: string | undefined;

  constructor(options: KafkaLinkOptions | undefined) {
    this.#options = options;
  }

  get isGiven(): boolean {
    return this.#options !== undefined;
  }

  get view(): KafkaView {
    return { address: this.#options?.address, problem: this.#problem };
  }

  /** Does something over it. Rejects where that can't be done, with a line that says why. */
  async use<T>(run: (transport: Transport) => Promise<T>): Promise<T> {
    if (this.#options === undefined)
      throw new Error("this console was not told where Kafka is: give --brokers, or set KAFKA_BROKERS");
    const { transport } = this.#options;
    this.#connecting ??= transport.connect().catch((error: unknown) => {
      this.#connecting = undefined;
      throw error;
    });
    await this.#connecting;
    return run(transport);
  }

  /** The same, regularly: where it fails that is the link's `problem`, and the answer undefined. */
  async ask<T>(run: (transport: Transport) => Promise<T>): Promise<T | undefined> {
    try {
      const answer = await this.use(run);
      this.#problem = undefined;
      return answer;
    } catch (error) {
      this.#problem = error instanceof Error ? error.message : String(error);
      return undefined;
    }
  }

  async close(): Promise<void> {
    await this.#connecting?.catch(() => undefined);
    await this.#options?.transport.close();
  }
}
