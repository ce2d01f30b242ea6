import { randomUUID } from "node:crypto";
import type { Clock } from "../../clock.ts";
import type { TopicSpec } from "../../transport/transport.ts";
import { TransportError } from "../../transport/transport-error.ts";
import { SimulatedGroup } from "./simulated-group.ts";
import { SimulatedLog } from "./simulated-log.ts";
import { TransactionalId } from "./simulated-transaction.ts";

interface SimulatedTopic {
  readonly topicId: string;
  readonly configs: ReadonlyMap<string, string>;
  readonly logs: readonly SimulatedLog[];
}

/** What brokers say where nothing else is configured. */
const defaults: readonly (readonly [string, string])[] = [
  ["cleanup.policy", "delete"],
  ["max.message.bytes", "1048588"],
];

/** All that the clients of a cluster share. Its calls take no time; the way to it does. */
export class SimulatedBroker {
  readonly clock: Clock;
  readonly topics: Map<string, SimulatedTopic> = new Map();
  readonly #groups = new Map<string, SimulatedGroup>();
  readonly #transactionalIds = new Map<string, TransactionalId>();
  readonly #timers = new Set<unknown>();

  constructor(clock: Clock) {
    this.clock = clock;
  }

  createTopic({ topic, partitions, configs }: TopicSpec): void {
    if (this.topics.has(topic)) return;
    this.topics.set(topic, {
      topicId: randomUUID(),
      configs: new Map([...defaults, ...Object.entries(configs)]),
      logs: Array.from({ length: partitions }, (_, partition) => new SimulatedLog(`${topic}-${partition}`)),
    });
  }

  topic(name: string): SimulatedTopic {
    const topic = this.topics.get(name);
    if (topic === undefined)
      throw new TransportError(`there is no topic "${name}"`, "UNKNOWN_TOPIC_OR_PARTITION", "retry");
    return topic;
  }

  log(topic: string, partition: number): SimulatedLog {
    const log = this.topic(topic).logs[partition];
    if (log === undefined)
      throw new TransportError(
        `${topic} has no partition ${partition}`,
        "UNKNOWN_TOPIC_OR_PARTITION",
        "retry",
      );
    return log;
  }

  group(id: string): SimulatedGroup {
    let group = this.#groups.get(id);
    if (group === undefined) {
      group = new SimulatedGroup(id, { set: this.#setTimer, clear: this.#clearTimer });
      this.#groups.set(id, group);
    }
    return group;
  }

  transactionalId(name: string): TransactionalId {
    let id = this.#transactionalIds.get(name);
    if (id === undefined) {
      id = new TransactionalId(this.#setTimer, this.#clearTimer);
      this.#transactionalIds.set(name, id);
    }
    return id;
  }

  /** Ends the cluster: no timer of it fires any more. */
  close(): void {
    for (const timer of this.#timers) this.clock.clearTimeout(timer);
    this.#timers.clear();
  }

  readonly #setTimer = (callback: () => void, ms: number): unknown => {
    const timer = this.clock.setTimeout(() => {
      this.#timers.delete(timer);
      callback();
    }, ms);
    this.#timers.add(timer);
    return timer;
  };

  readonly #clearTimer = (timer: unknown): void => {
    this.#timers.delete(timer);
    this.clock.clearTimeout(timer);
  };
}
