import { TransportError } from "../../../transport/transport-error.ts";
import type { SimulatedBrokers } from "../broker/simulated-brokers.ts";
import type { HealthEvent } from "../../../transport/health-event.ts";
import { BrokerHealth } from "./broker-health.ts";
import type { NetworkWeather } from "../network-weather.ts";
import type { SimulatedProcess } from "../simulated-process.ts";

/** What one client's connections need to know. */
export interface LinkOptions {
  readonly brokers: SimulatedBrokers;
  readonly process: SimulatedProcess;
  readonly weather: NetworkWeather;
  readonly trace: ((line: string) => void) | undefined;
}

/** After this long without an answer a client gives a request up, ms. */
const requestTimeoutMs = 5_000;
/** Of requests that are on their way when their process is killed, the share that still arrives. */
const survivors = 0.7;

interface Call {
  readonly fail: (error: TransportError) => void;
}

/** The connections of one client to the brokers. */
export class Link {
  readonly #brokers: SimulatedBrokers;
  readonly #process: SimulatedProcess;
  readonly #weather: NetworkWeather;
  readonly #trace: ((line: string) => void) | undefined;
  readonly #health: BrokerHealth;
  readonly #calls = new Set<Call>();
  #state: "open" | "cut" | "broken" | "closed" = "open";
  /** What waits for the end of a cut. */
  #waiting: (() => void)[] = [];

  constructor({ brokers, process, weather, trace }: LinkOptions) {
    this.#brokers = brokers;
    this.#process = process;
    this.#weather = weather;
    this.#trace = trace;
    this.#health = new BrokerHealth(process);
  }

  /** Tells of brokers that do not answer, and that do again. Answers a function that ends it. */
  onHealth(listener: (event: HealthEvent) => void): () => void {
    return this.#health.listen(listener);
  }

  /**
   * Sends a request to a broker, where `body` is done once it arrives: it answers at once, or holds the answer back.
   * Rejects with what `body` throws, or with NETWORK, where nobody knows whether it was done.
   */
  send<T>(
    node: number,
    request: string,
    body: () => T | Promise<T>,
    timeoutMs: number = requestTimeoutMs,
  ): Promise<T> {
    if (this.#state === "closed") return Promise.reject(closed());
    return new Promise<T>((resolve, reject) => {
      const process = this.#process;
      const { thereMs, backMs, lost } = this.#weather(process.name, request);
      let open = true;
      let timer: unknown;
      const settle = (): boolean => {
        if (!open) return false;
        open = false;
        this.#calls.delete(call);
        process.clearTimeout(timer);
        return true;
      };
      const call: Call = {
        fail: (error) => {
          if (!settle()) return;
          if (error.kafkaError === "NETWORK") this.#health.failed(node, request);
          reject(error);
        },
      };
      this.#calls.add(call);
      const fails = (why: string): void => {
        this.#trace?.(`${process.name} > ${node} ${request}: ${why}`);
        process.setTimeout(() => call.fail(network(`${request} to broker ${node}: ${why}`)), backMs);
      };
      const waits = (): void => {
        timer ??= process.setTimeout(
          () => call.fail(network(`${request} to broker ${node}: no answer within ${timeoutMs} ms`)),
          timeoutMs,
        );
      };
      const answers = (settled: () => void, said: string): void => {
        this.#trace?.(
          `${process.name} > ${node} ${request}${lost === "answer" ? ", answer lost" : ""}${said}`,
        );
        if (lost === "answer")
          process.setTimeout(() => call.fail(network(`${request}: the connection broke`)), backMs);
        else
          process.setTimeout(() => {
            this.#passes(() => {
              if (!settle()) return;
              this.#health.answered(node, request);
              settled();
            }, waits);
          }, backMs);
      };
      const refused = (error: unknown): void =>
        answers(
          () => reject(error),
          `: ${error instanceof TransportError ? error.kafkaError : String(error)}`,
        );
      const arrives = (): void => {
        if (process.killed && process.random() > survivors) return;
        const { up, frozenUntil } = this.#brokers.nodes[node] ?? { up: false, frozenUntil: 0 };
        if (!up) return fails("refused");
        const { clock } = this.#brokers;
        const frozenMs = frozenUntil - clock.monotonic();
        if (frozenMs > 0) {
          waits();
          clock.setTimeout(arrives, Math.ceil(frozenMs));
          return;
        }
        try {
          const answer = body();
          if (process.killed) this.#brokers.late({ process: process.name, request });
          if (!(answer instanceof Promise)) return answers(() => resolve(answer), "");
          waits();
          answer.then((late) => answers(() => resolve(late), ""), refused);
        } catch (error) {
          refused(error);
        }
      };
      if (this.#state === "broken" || lost === "request") return fails("the connection broke");
      this.#passes(() => this.#brokers.clock.setTimeout(arrives, thereMs), waits);
    });
  }

  /** Nothing gets through until `mend`, and nothing fails before its time-out. */
  cut(): void {
    if (this.#state === "open") this.#state = "cut";
  }

  /** Every request fails until `mend`, also those that are on their way. */
  break(): void {
    if (this.#state === "closed") return;
    this.#state = "broken";
    this.#endWaiting();
    for (const call of this.#calls) call.fail(network("the connection broke"));
  }

  mend(): void {
    if (this.#state !== "closed") this.#state = "open";
    this.#endWaiting();
  }

  /** Rejects what is under way, and whatever comes. */
  close(): void {
    this.#state = "closed";
    this.#waiting = [];
    for (const call of this.#calls) call.fail(closed());
  }

  #endWaiting(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const one of waiting) one();
  }

  #passes(go: () => void, waits: () => void): void {
    if (this.#state !== "cut") return go();
    waits();
    this.#waiting.push(() => this.#passes(go, waits));
  }
}

const network = (what: string): TransportError => new TransportError(what, "NETWORK", "retry");

const closed = (): TransportError => new TransportError("the transport is closed", "CLOSED", "void");
