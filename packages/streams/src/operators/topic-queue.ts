import type { AsyncCall, AsyncWork, TaskContext } from "../runtime/task/task-context.ts";
import type { TakenRecord } from "../runtime/task/taken-record.ts";
import type { StreamRecord } from "../record.ts";
import type { SinkTopic } from "../topic.ts";

/** So many records may wait for topics before the task takes no more. */
const mostWaiting = 1_000;

interface Waiting<R, T> {
  readonly record: R;
  /** As this record chose it: others of the name may have other serdes. */
  readonly topic: T;
  readonly taken: TakenRecord | undefined;
  readonly call: AsyncCall;
}

/** What becomes of records that have waited, each as if it was being processed. */
interface Outcome<R, T> {
  readonly there: (record: R, topic: T) => void;
  readonly missing: (record: R, topic: T) => void;
}

/** Records for topics that are still being looked for, in their order by topic. A commit waits for them. */
export class TopicQueue<
  R extends StreamRecord<unknown, unknown>,
  T extends SinkTopic<never, never>,
> implements AsyncWork {
  readonly #task: TaskContext;
  readonly #outcome: Outcome<R, T>;
  readonly #waiting = new Map<string, Waiting<R, T>[]>();

  constructor(task: TaskContext, outcome: Outcome<R, T>) {
    this.#task = task;
    this.#outcome = outcome;
  }

  /** Whether the record has to wait. */
  add(topic: T, record: R): boolean {
    const { name } = topic;
    const before = this.#waiting.get(name);
    const look = before === undefined ? this.#task.findTopic(topic) : undefined;
    if (before === undefined && look === undefined) return false;
    const taken = this.#task.taken();
    const call = {
      operator: `to(), which looks for the topic "${name}"`,
      position: taken?.headPosition,
      since: this.#task.monotonic(),
    };
    const one = { record, topic, taken, call };
    if (before !== undefined) before.push(one);
    else if (look !== undefined) this.#wait(name, [one], look);
    return true;
  }

  get inFlight(): number {
    let count = 0;
    for (const waiting of this.#waiting.values()) count += waiting.length;
    return count;
  }

  /** Nothing is read ahead of a sink. */
  get owed(): number {
    return this.inFlight;
  }

  get oldest(): AsyncCall | undefined {
    let oldest: AsyncCall | undefined;
    for (const [first] of this.#waiting.values())
      if (first !== undefined && (oldest === undefined || first.call.since < oldest.since))
        oldest = first.call;
    return oldest;
  }

  get full(): boolean {
    return this.#waiting.size > 0 && this.inFlight >= mostWaiting;
  }

  get owedFull(): boolean {
    return this.full;
  }

  release(): void {
    // Nothing was added ahead.
  }

  abandonAhead(): void {
    // Nothing was added ahead.
  }

  cancel(): void {
    this.#waiting.clear();
  }

  #wait(name: string, waiting: Waiting<R, T>[], look: Promise<void>): void {
    this.#waiting.set(name, waiting);
    look.then(
      () => this.#goOn(name, waiting, true),
      () => this.#goOn(name, waiting, false),
    );
  }

  #goOn(name: string, waiting: readonly Waiting<R, T>[], isThere: boolean): void {
    if (this.#waiting.get(name) !== waiting) return;
    this.#waiting.delete(name);
    const outcome = isThere ? this.#outcome.there : this.#outcome.missing;
    for (const [at, { record, topic, taken }] of waiting.entries()) {
      // Serdes of its own may have to prepare, too.
      const look = isThere && at > 0 ? this.#task.findTopic(topic) : undefined;
      if (look !== undefined) {
        this.#wait(name, waiting.slice(at), look);
        return;
      }
      this.#task.resume(taken, record.timestamp, () => {
        try {
          outcome(record, topic);
        } catch (error) {
          this.#task.failed(error, "to");
        }
      });
    }
  }
}
