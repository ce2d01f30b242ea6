import type { KeyValueStore } from "../../state/key-value-store.ts";
import type { Topology } from "../../topology.ts";
import type { AppSettings } from "../settings/app-options.ts";
import type { AppMetrics } from "../metrics/app-metrics.ts";
import type { TopicPlan } from "../topics/plan.ts";
import type { GlobalStores } from "../task/global-stores.ts";
import { GlobalTableReader } from "./global-table-reader.ts";

type GlobalPlan = Pick<TopicPlan, "partitions" | "topicIds">;

/** The global tables of an application in this process (Kafka Streams' `GlobalStreamThread`). */
export class GlobalTables implements GlobalStores {
  readonly #readers = new Map<string, GlobalTableReader>();
  #plan: GlobalPlan;

  constructor(
    { globals }: Topology,
    settings: AppSettings,
    plan: GlobalPlan,
    metrics: AppMetrics,
    failed: (error: unknown) => void,
  ) {
    this.#plan = plan;
    for (const node of globals) {
      if (node.role.type !== "global") continue;
      const { topic, store } = node.role;
      const count = plan.partitions.get(topic.name) ?? 0;
      this.#readers.set(store.name, new GlobalTableReader(node, count, settings, metrics, failed));
    }
  }

  /** Resolves when each holds all that its topic had; only then may a task start. */
  async start(): Promise<void> {
    await Promise.all([...this.#readers.values()].map((reader) => reader.start()));
  }

  /** Topics have other partitions now, or are others of the same names. */
  follow(plan: GlobalPlan): void {
    const before = this.#plan;
    this.#plan = plan;
    for (const reader of this.#readers.values()) {
      const { topic } = reader.state;
      const partitions = plan.partitions.get(topic) ?? 0;
      reader.follow(partitions, plan.topicIds.get(topic) !== before.topicIds.get(topic));
    }
  }

  store(name: string): KeyValueStore<unknown, unknown> {
    const reader = this.#readers.get(name);
    if (reader === undefined) throw new Error(`no global table has a store "${name}"`);
    return reader.state.store;
  }

  async close(): Promise<void> {
    await Promise.all([...this.#readers.values()].map((reader) => reader.close()));
  }
}
