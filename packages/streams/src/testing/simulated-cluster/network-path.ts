import { TransportError } from "../../transport/transport-error.ts";

/** The way of one client to the cluster. */
export class NetworkPath {
  readonly #delay: () => Promise<void>;
  #state: "open" | "closed" | "crashed" = "open";

  constructor(delay: () => Promise<void>) {
    this.#delay = delay;
  }

  /** There, or back. Never resolves once the client has crashed: nobody is there to go on. */
  async hop(): Promise<void> {
    if (this.#state === "open") await this.#delay();
    if (this.#state === "crashed") await new Promise<never>(() => undefined);
    if (this.#state === "closed") throw new TransportError("the transport is closed", "CLOSED", false);
  }

  /** There, `body`, and back: after a crash on the way back it has happened all the same. */
  async call<T>(body: () => T | Promise<T>): Promise<T> {
    await this.hop();
    const answer = await body();
    await this.hop();
    return answer;
  }

  get crashed(): boolean {
    return this.#state === "crashed";
  }

  close(): void {
    if (this.#state === "open") this.#state = "closed";
  }

  crash(): void {
    this.#state = "crashed";
  }
}
