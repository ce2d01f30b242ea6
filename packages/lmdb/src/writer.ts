import { Worker } from "node:worker_threads";
import { MillraceError } from "@millrace/streams";
import type { WriterAnswer, WriterRequest } from "./writer-messages.ts";

const threadUrl: URL = new URL(
  import.meta.url.endsWith(".ts") ? "./writer-thread.ts" : "./writer-thread.js",
  import.meta.url,
);

type Sizes = WriterAnswer["sizes"];
type WithoutId<T> = T extends unknown ? Omit<T, "id"> : never;

interface Waiting {
  readonly resolve: (sizes: Sizes) => void;
  readonly reject: (error: Error) => void;
}

/** The thread that writes the environments of a directory. */
export class Writer {
  readonly #thread = new Worker(threadUrl);
  readonly #waiting = new Map<number, Waiting>();
  #ended: Error | undefined;
  #ids = 0;

  constructor() {
    // It must not keep a process alive that has nothing else to do.
    this.#thread.unref();
    this.#thread.on("message", ({ id, error, sizes }: WriterAnswer) => {
      const waiting = this.#waiting.get(id);
      this.#waiting.delete(id);
      if (this.#waiting.size === 0) this.#thread.unref();
      if (error === undefined) waiting?.resolve(sizes);
      else waiting?.reject(failure(error));
    });
    this.#thread.on("error", (error) => this.#end(failure(error.message, error)));
    this.#thread.on("exit", () => this.#end(failure("its writer has ended")));
  }

  send(request: WithoutId<WriterRequest>): Promise<Sizes> {
    if (this.#ended !== undefined) return Promise.reject(this.#ended);
    const id = this.#ids++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#thread.ref();
      this.#thread.postMessage({ ...request, id });
    });
  }

  async close(): Promise<void> {
    await this.#thread.terminate();
  }

  #end(error: Error): void {
    this.#ended ??= error;
    for (const { reject } of this.#waiting.values()) reject(this.#ended);
    this.#waiting.clear();
  }
}

const failure = (message: string, cause?: unknown): MillraceError =>
  new MillraceError(
    `the state directory could not be written: ${message}; the application goes on in memory, and reads the rest from ` +
      "the changelogs at its next start",
    { code: "STATE_NOT_WRITTEN", cause },
  );
