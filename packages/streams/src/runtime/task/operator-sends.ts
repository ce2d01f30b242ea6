import { chosenPartitions } from "../../partitioner.ts";
import type { Headers } from "../../record.ts";
import type { AnyRecord, StageNode } from "../../stages.ts";
import type { SinkTopic } from "../../topic.ts";
import type { DropReason } from "../metrics/drop-reason.ts";
import { repartitionTopic } from "../topics/internal-topic-names.ts";
import type { RecordSink } from "./record-sink.ts";
import type { RecordTracer } from "./record-tracer.ts";
import type { TaskEnvironment } from "./task-environment.ts";

/** Who decides about a record that does not go out. */
interface SendHooks {
  failed(error: unknown, operator: string): void;
  unsendable(error: unknown, topic: string): void;
  drop(reason: DropReason): void;
}

/** Sends what operators send on, in the partitions that they choose, and with the headers of whoever follows it. */
export class OperatorSends {
  readonly #sink: RecordSink;
  readonly #tracer: RecordTracer | undefined;
  readonly #applicationId: string;
  readonly #hooks: SendHooks;

  constructor(sink: RecordSink, { tracer, metrics }: TaskEnvironment, hooks: SendHooks) {
    this.#sink = sink;
    this.#tracer = tracer;
    this.#applicationId = metrics.applicationId;
    this.#hooks = hooks;
  }

  /** To a sink topic. */
  send<K, V>(
    topic: SinkTopic<K, V>,
    key: K,
    value: V,
    timestamp: number,
    headers: Headers,
    partition: number | undefined,
  ): void {
    try {
      const sent = this.#sentHeaders(topic.name, headers);
      this.#sink.send(topic, key, value, timestamp, sent, partition);
    } catch (error) {
      this.#hooks.unsendable(error, topic.name);
    }
  }

  /** To the topic between two sub-topologies. */
  sendRepartition(node: StageNode, record: AnyRecord): void {
    const { role } = node;
    let chosen: readonly number[] | undefined;
    try {
      if (role.type === "repartition" && role.partitioner !== undefined)
        chosen = chosenPartitions(role.partitioner, record, role.topic, this.#sink.partitionsOf(node));
    } catch (error) {
      // A function of the user, as every operator's, and as the partitioner of to().
      this.#hooks.failed(error, node.operator);
      return;
    }
    try {
      const headers =
        role.type === "repartition"
          ? this.#sentHeaders(repartitionTopic(this.#applicationId, role.topic), record.headers)
          : record.headers;
      const sent = headers === record.headers ? record : { ...record, headers };
      if (chosen === undefined) this.#sink.sendRepartition(node, sent, undefined);
      else if (chosen.length === 0) this.#hooks.drop("noPartition");
      else for (const partition of chosen) this.#sink.sendRepartition(node, sent, partition);
    } catch (error) {
      this.#hooks.unsendable(error, role.type === "repartition" ? role.topic : node.operator);
    }
  }

  #sentHeaders(topic: string, headers: Headers): Headers {
    return headers.length === 0 || this.#tracer === undefined ? headers : this.#tracer.sent(topic, headers);
  }
}
