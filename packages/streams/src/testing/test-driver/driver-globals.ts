import { type GlobalTableEnvironment, GlobalTableState } from "../../runtime/global/global-table-state.ts";
import type { SourceQueue } from "../../runtime/task/source-queue.ts";
import type { StageNode } from "../../stages.ts";
import type { KeyValueStore } from "../../state/key-value-store.ts";
import type { DriverInputs } from "./driver-inputs.ts";

/** The global tables of a topology, each read from its one partition. */
export class DriverGlobals {
  readonly #inputs: DriverInputs;
  readonly #tables: { readonly state: GlobalTableState; readonly queue: SourceQueue }[] = [];

  constructor(inputs: DriverInputs) {
    this.#inputs = inputs;
  }

  open(node: StageNode, environment: GlobalTableEnvironment): void {
    const { role, key, value } = node;
    if (role.type !== "global" || key === undefined || value === undefined)
      throw new Error("a global table has a topic and serdes");
    const { name: topic, timestamp } = role.topic;
    const state = new GlobalTableState(node, environment);
    const queue = this.#inputs.queue(
      { topic, partition: 0, key, value, timestamp },
      {
        unreadable: (error) => {
          throw error;
        },
        undecodable: (error, of) => state.undecodable(error, of),
        negativeTimestamp: (of) => state.negativeTimestamp(of),
      },
    );
    this.#tables.push({ state, queue });
  }

  find(name: string): KeyValueStore<unknown, unknown> | undefined {
    return this.#tables.find(({ state }) => state.store.name === name)?.state.store;
  }

  store(name: string): KeyValueStore<unknown, unknown> {
    const found = this.find(name);
    if (found === undefined) throw new Error(`no global table has a store "${name}"`);
    return found;
  }

  /** Takes all that waits for them. */
  take(): void {
    for (const { state, queue } of this.#tables) state.take(queue, () => false);
  }
}
