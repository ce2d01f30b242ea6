import { TransportError } from "../../transport/transport-error.ts";

/** The way of one client to the cluster. */
export class NetworkPath {
  readonly #delay: () => Promise<void>;
  #state: "open" | "closed" | "crashed" = "open";
  /** While it is stalled, what is on its way waits for this. */
  #stalled: Promise<void> | undefined;
  #end: (() => void) | undefined;
  #broken = false;

  constructor(delay: () => Promise<void>) {
    this.#delay = delay;
  }

  /** There, or back. Never resolves once the client has crashed: nobody is there to go on. */
  async hop(): Promise<void> {
    if (this.#state === "open") await this.#delay();
    while (this.#stalled !== undefined) await this.#stalled;
    if (this.#state === "crashed") await new Promise<never>(() => undefined);
    if (this.#state === "closed") throw new TransportError("the transport is closed", "CLOSED", "fatal");
    if (this.#broken) throw new TransportError("the connection broke", "NETWORK", "retry");
  }

  /** There, `body`, and back: after a crash or a break on the way back it has happened all the same. */
  async call<T>(body: () => T | Promise<T>): Promise<T> {
    await this.hop();
    const answer = await body();
    await this.hop();
    return answer;
  }

  /** Whether anything that is sent now arrives. */
  get reachable(): boolean {
    return this.#state !== "crashed" && this.#stalled === undefined && !this.#broken;
  }

  /** Nothing gets through, and nothing fails, until `mend`. */
  stall(): void {
    this.#stalled ??= new Promise((resolve) => {
      this.#end = resolve;
    });
  }

  /** Everything fails, also what is on its way, until `mend`. */
  break(): void {
    this.#broken = true;
  }

  mend(): void {
    this.#broken = false;
    this.#stalled = undefined;
    this.#end?.();
  }

  close(): void {
    if (this.#state === "open") this.#state = "closed";
    this.mend();
  }

  crash(): void {
    this.#state = "crashed";
    this.mend();
  }
}
