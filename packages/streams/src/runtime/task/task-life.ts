import type { StageNode } from "../../stages.ts";
import type { SubTopology } from "../../sub-topology.ts";
import type { CommittedNumbers } from "../topics/committed-numbers.ts";
import type { RecordCount } from "../metrics/record-count.ts";
import { attach, type SourceInput } from "./attach.ts";
import type { OperatorContext } from "./operator-context.ts";
import { SourceChoice } from "./source-choice.ts";
import type { SourceQueue } from "./source-queue.ts";
import { sourcesByTopic, type TopicsRead } from "./sources-by-topic.ts";
import type { AsyncCall } from "./task-context.ts";
import type { TaskEnvironment } from "./task-environment.ts";

/** How a task comes by its input. */
export interface TaskInput {
  readonly topicsRead: TopicsRead;
  /** Makes the queue of a topic, read as the source does; undefined where it has no such partition. */
  readonly openQueue: (source: StageNode, topic: string) => SourceQueue | undefined;
}

/**
 * One life of a task's operators: they are made anew when a transaction was void. Takes records in the order of their
 * timestamps and runs them through, synchronously.
 */
export class TaskLife {
  readonly context: OperatorContext;
  readonly queues: SourceQueue[] = [];
  readonly #environment: TaskEnvironment;
  /** What takes the records of each queue. */
  readonly #inputs: SourceInput[] = [];
  /** What has been taken from the topic of each queue. */
  readonly #consumed: RecordCount[] = [];
  readonly #choice: SourceChoice;

  constructor(context: OperatorContext, environment: TaskEnvironment) {
    this.context = context;
    this.#environment = environment;
    this.#choice = new SourceChoice(this.queues, environment);
  }

  /** Wires the operators; `numbers` are those of the last commit. A null that a source does not take is `refuse`d. */
  wire(
    subTopology: SubTopology,
    numbers: CommittedNumbers,
    { topicsRead, openQueue }: TaskInput,
    refuse: (error: unknown, queue: SourceQueue) => void,
  ): void {
    const { context } = this;
    context.numbers.restore(numbers);
    const inputs = attach(
      subTopology,
      context,
      (node, record) => context.sends.sendRepartition(node, record),
      (node) => this.#forwardedBy(node),
    );
    const refuseCurrent = (error: unknown): void => {
      if (context.current !== undefined) refuse(error, context.current);
    };
    for (const { node, topic, input } of sourcesByTopic(inputs, topicsRead, refuseCurrent)) {
      const queue = openQueue(node, topic);
      if (queue === undefined) continue;
      this.queues.push(queue);
      this.#inputs.push(input);
      this.#consumed.push(context.metrics.consumed.of(queue.topic));
      context.streamTime = Math.max(context.streamTime, queue.partitionTime);
    }
  }

  /** Processes up to `max` records; fewer when no more are there, asynchronous work is full, or the task is halted. */
  processSome(max: number): number {
    const { context } = this;
    let count = 0;
    context.metrics.begin(this.#environment.clock.now());
    try {
      while (count < max && !context.halted && !context.full) {
        context.current = undefined;
        const at = this.#choice.next();
        if (at < 0) break;
        this.#run(at);
        count++;
      }
    } catch (error) {
      // A batch that can't be read, or what a handler let through.
      context.stop(error, "reading");
    }
    return count;
  }

  /** The asynchronous call, or the serde, that has been waited for longest. */
  get oldestCall(): AsyncCall | undefined {
    const call = this.context.work.oldest;
    const waiting = this.queues.find(({ waitingSince }) => waitingSince !== undefined);
    if (waiting?.waitingSince === undefined || (call !== undefined && call.since <= waiting.waitingSince))
      return call;
    return { since: waiting.waitingSince, operator: "a serde", position: waiting.headPosition };
  }

  /**
   * Steps 1 and 2 of a commit, as far as `until` allows: forwards every dirty row once, downstream and to its changelog,
   * and again while that made others dirty. True once nothing is dirty or in flight.
   */
  settle(until: number): boolean {
    const { context } = this;
    const { clock } = this.#environment;
    if (context.halted) return true;
    if (context.work.owed === 0 || !context.work.owedFull)
      this.#flush(() => clock.monotonic() < until && !context.work.owedFull);
    return context.halted || this.settled;
  }

  /** Nothing is dirty, and no asynchronous work is under way but for what was read ahead. */
  get settled(): boolean {
    const { work, stores } = this.context;
    return work.owed === 0 && !stores.dirty;
  }

  /** What sources take, and sinks are given, is counted with their topics. */
  #forwardedBy(node: StageNode): RecordCount | undefined {
    const name = node.kind === "Sink" ? undefined : this.#environment.metrics.topology.nameOf(node);
    return name === undefined ? undefined : this.context.metrics.forwarded.of(name);
  }

  #run(at: number): void {
    const { context } = this;
    const queue = this.queues[at] as SourceQueue;
    const input = this.#inputs[at] as SourceInput;
    const { timestamp } = queue;
    context.current = queue;
    context.timestamp = timestamp;
    const { streamTime } = context;
    if (context.readingAhead) context.streamTime = context.ahead.sees(Math.max(timestamp, streamTime));
    else if (timestamp > streamTime) {
      context.streamTime = timestamp;
      for (const hooks of context.hooks) hooks.onStreamTime?.(timestamp);
    }
    const { headers } = queue;
    if (headers.length > 0 && context.tracer !== undefined)
      context.traced(context.tracer, queue, (traced) =>
        input({ key: queue.key, value: queue.value, timestamp, headers: traced }),
      );
    else input({ key: queue.key, value: queue.value, timestamp, headers });
    if (context.readingAhead) context.streamTime = streamTime;
    // Not taken, then: it is tried again from the last commit.
    if (context.retry !== undefined) return;
    const { metrics } = context;
    metrics.source.add(metrics.now - timestamp);
    (this.#consumed[at] as RecordCount).records++;
    queue.done();
    context.current = undefined;
    if (context.streamTime >= context.streamPunctuations.due)
      context.streamPunctuations.fire(context.streamTime);
  }

  #flush(budget: () => boolean): void {
    const { context } = this;
    context.timestamp = context.streamTime;
    context.metrics.begin(this.#environment.clock.now());
    try {
      context.stores.flush(budget);
    } catch (error) {
      context.stop(error, "flushing");
    }
  }
}
