import { MillraceError, messageOf } from "../../errors.ts";
import { TransportError } from "../../transport/transport-error.ts";
import type { AppSettings } from "../app/app-options.ts";
import type { Metrics } from "../app/metrics.ts";
import type { SourceQueue } from "../task/source-queue.ts";
import type { Task } from "../task/task.ts";

const retryAfterMs = 1_000;

/** Finds out where a source goes on whose position is in the log no more: retention has passed it, or it was truncated. */
export class Reposition {
  readonly #settings: AppSettings;
  readonly #metrics: Metrics;
  readonly #wake: () => void;

  constructor(settings: AppSettings, metrics: Metrics, wake: () => void) {
    this.#settings = settings;
    this.#metrics = metrics;
    this.#wake = wake;
  }

  /** Called in a turn of the loop, when `error` came instead of records. */
  unreadable(task: Task, queue: SourceQueue, error: unknown): void {
    if (error instanceof TransportError && error.kafkaError === "OFFSET_OUT_OF_RANGE")
      void this.#find(task, queue);
    else if (error instanceof TransportError && error.retriable) this.#later(task, queue);
    else task.fail(error, "reading");
  }

  async #find(task: Task, queue: SourceQueue): Promise<void> {
    const { transport, log } = this.#settings;
    const { topic, partition, position } = queue;
    try {
      const [begins, ends] = await Promise.all([
        transport.listOffsets([{ topic, partition }], "earliest", false),
        transport.listOffsets([{ topic, partition }], "latest", false),
      ]);
      if (task.closed || queue.position !== position) return;
      const begin = begins[0]?.offset ?? 0;
      const end = ends[0]?.offset ?? 0;
      if (position < begin) {
        this.#metrics.offsetsOutOfRange++;
        log(
          "error",
          `${begin - position} records of ${topic}-${partition} were deleted before they were read: the topic's ` +
            "retention is shorter than this application was behind; going on with the first that is left",
          { topic, partition, lost: begin - position },
        );
        queue.seek({ offset: begin, partitionTime: queue.partitionTime });
      } else if (position > end) {
        this.#metrics.offsetsOutOfRange++;
        task.fail(
          new MillraceError(
            `the position ${position} of ${topic}-${partition} is beyond the end of its log, ${end}: the topic was made ` +
              "anew, or lost what was acknowledged. Reset the application's offsets, and its state, before it goes on",
            { code: "OFFSET_BEYOND_END" },
          ),
          "reading",
        );
      } else queue.seek({ offset: position, partitionTime: queue.partitionTime });
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
