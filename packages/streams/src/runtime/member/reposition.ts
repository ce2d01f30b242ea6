import { MillraceError, messageOf } from "../../errors.ts";
import { TransportError } from "../../transport/transport-error.ts";
import type { AppSettings } from "../settings/app-options.ts";
import type { AppMetrics } from "../metrics/app-metrics.ts";
import type { SourceQueue } from "../task/source-queue.ts";
import type { Task } from "../task/task.ts";
import { goOnOutOfRange } from "../topics/out-of-range.ts";
import type { TopicPlan } from "../topics/plan.ts";

const retryAfterMs = 1_000;

/** Finds out where a source goes on whose position is in the log no more: retention has passed it, or it was truncated. */
export class Reposition {
  readonly #settings: AppSettings;
  readonly #plan: Pick<TopicPlan, "topicIds" | "matched">;
  readonly #metrics: AppMetrics;
  readonly #wake: () => void;
  readonly #doubt: () => void;

  /** `doubt`: what is known of the topics may be out of date. */
  constructor(
    settings: AppSettings,
    plan: Pick<TopicPlan, "topicIds" | "matched">,
    metrics: AppMetrics,
    wake: () => void,
    doubt: () => void,
  ) {
    this.#settings = settings;
    this.#plan = plan;
    this.#metrics = metrics;
    this.#wake = wake;
    this.#doubt = doubt;
  }

  /** Called in a turn of the loop, when `error` came instead of records. */
  unreadable(task: Task, queue: SourceQueue, error: unknown): void {
    if (error instanceof TransportError && error.kafkaError === "OFFSET_OUT_OF_RANGE")
      void this.#find(task, queue);
    else if (this.#isGone(error, queue)) {
      this.#doubt();
      this.#later(task, queue);
    } else if (error instanceof TransportError && error.retriable) this.#later(task, queue);
    else task.fail(error, "reading");
  }

  /** A pattern found the topic, and may do without it: the task reads it until that is known. */
  #isGone(error: unknown, { topic }: SourceQueue): boolean {
    return (
      error instanceof TransportError &&
      error.kafkaError === "UNKNOWN_TOPIC_OR_PARTITION" &&
      this.#plan.matched.includes(topic)
    );
  }

  async #find(task: Task, queue: SourceQueue): Promise<void> {
    const { transport, log } = this.#settings;
    const { topic, partition, position } = queue;
    try {
      const [begins, ends, topics] = await Promise.all([
        transport.listOffsets([{ topic, partition }], "earliest", false),
        transport.listOffsets([{ topic, partition }], "latest", false),
        transport.describeTopics([topic]),
      ]);
      if (task.closed || queue.position !== position) return;
      const range = { begin: begins[0]?.offset ?? 0, end: ends[0]?.offset ?? 0 };
      if (position >= range.begin && position <= range.end) {
        queue.seek({ offset: position, partitionTime: queue.partitionTime });
        this.#wake();
        return;
      }
      this.#metrics.offsetsOutOfRange++;
      const topicId = topics.get(topic)?.topicId;
      const sameTopic = topicId === undefined ? undefined : topicId === this.#plan.topicIds.get(topic);
      const outcome = goOnOutOfRange(
        { topic, partition, offset: position, ...range, sameTopic },
        this.#settings.onOffsetOutOfRange,
      );
      if (outcome instanceof MillraceError) task.fail(outcome, "reading");
      else {
        log("warn", outcome.message, { topic, partition, lost: outcome.lost });
        queue.seek({ offset: outcome.offset, partitionTime: queue.partitionTime });
      }
    } catch (error) {
      log(
        "warn",
        `where ${topic}-${partition} goes on could not be asked, trying again: ${messageOf(error)}`,
      );
      this.#later(task, queue);
    }
    this.#wake();
  }

  #later(task: Task, queue: SourceQueue): void {
    this.#settings.clock.setTimeout(() => {
      if (task.closed || !queue.lost) return;
      queue.seek({ offset: queue.position, partitionTime: queue.partitionTime });
      this.#wake();
    }, retryAfterMs);
  }
}
