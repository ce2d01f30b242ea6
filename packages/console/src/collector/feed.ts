import { setTimeout as sleep } from "node:timers/promises";
import type { ConsoleEvents } from "../protocol/console-event.ts";

/** One kind of event, and where it comes from. */
export interface FeedPart<Name extends keyof ConsoleEvents = keyof ConsoleEvents> {
  readonly name: Name;
  readonly everyMs: number;
  /** Looks, and answers how things are. */
  readonly look: () => Promise<ConsoleEvents[Name]>;
  /** Called when nobody watches any more. */
  readonly rest?: () => Promise<void>;
}

/** Told of each event with its data as JSON. */
export type Watcher = (name: keyof ConsoleEvents, json: string) => void;

/** How long it goes on when the last one has left, ms: a page that is loaded anew finds it at work. */
const lingerMs = 5_000;

/**
 * Looks at everything regularly while somebody watches, once for all who do, and tells them what has changed. While nobody
 * watches it does nothing.
 */
export class Feed {
  readonly #parts: readonly FeedPart[];
  readonly #lingerMs: number;
  readonly #watchers = new Set<Watcher>();
  readonly #last = new Map<keyof ConsoleEvents, string>();
  #looking: AbortController | undefined;
  /** Until a part rests that looked before. */
  readonly #resting = new Map<FeedPart, Promise<void>>();
  #leaving: NodeJS.Timeout | undefined;

  constructor(parts: readonly FeedPart[], linger: number = lingerMs) {
    this.#parts = parts;
    this.#lingerMs = linger;
  }

  /** Tells what is known at once, then what changes; answers a function that ends it. */
  watch(watcher: Watcher): () => void {
    clearTimeout(this.#leaving);
    this.#watchers.add(watcher);
    for (const [name, json] of this.#last) watcher(name, json);
    this.#looking ??= this.#begin();
    return () => {
      this.#watchers.delete(watcher);
      if (this.#watchers.size > 0) return;
      this.#leaving = setTimeout(() => this.#end(), this.#lingerMs);
    };
  }

  get isLooking(): boolean {
    return this.#looking !== undefined;
  }

  /** Ends at once, whoever watches. */
  close(): void {
    this.#watchers.clear();
    clearTimeout(this.#leaving);
    this.#end();
  }

  #begin(): AbortController {
    const looking = new AbortController();
    for (const part of this.#parts) {
      // One that still looks for those who left would end what it begins now.
      const rested = this.#resting.get(part) ?? Promise.resolve();
      this.#resting.set(
        part,
        rested.then(() => this.#run(part, looking.signal)),
      );
    }
    return looking;
  }

  #end(): void {
    this.#looking?.abort();
    this.#looking = undefined;
    // What is known now is old when somebody comes back.
    this.#last.clear();
  }

  async #run(part: FeedPart, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const json = await lookAt(part);
      if (signal.aborted) break;
      if (json !== undefined) this.#tell(part.name, json);
      await sleep(part.everyMs, undefined, { signal }).catch(() => undefined);
    }
    await part.rest?.().catch(complain);
  }

  #tell(name: keyof ConsoleEvents, json: string): void {
    if (this.#last.get(name) === json) return;
    this.#last.set(name, json);
    for (const watcher of this.#watchers) watcher(name, json);
  }
}

const lookAt = async ({ look }: FeedPart): Promise<string | undefined> => {
  try {
    return JSON.stringify(await look());
  } catch (error) {
    complain(error);
    return undefined;
  }
};

/** What is out of reach is part of the answers; this is something else. */
const complain = (error: unknown): void =>
  void process.stderr.write(
    `console: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  );
