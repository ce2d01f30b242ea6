import { ownHeaders } from "../own-headers.ts";
import type { TaskContext } from "../runtime/task/task-context.ts";
import type { AnyRecord } from "../stages.ts";
import type { KeyValueStore } from "../state/key-value-store.ts";
import type { KeyValueStoreDefinition } from "../state/store-definition.ts";
import type { WaitingKey, WaitingValue } from "./join-buffer.ts";

/** Holds a stream's records back until stream time has passed them by `grace` ms (KIP-923), and lets them go by time. */
export class WaitingRecords {
  readonly #task: TaskContext;
  readonly #store: KeyValueStore<WaitingKey, WaitingValue>;
  readonly #grace: number;
  readonly #release: (record: AnyRecord) => void;
  /** Stream time of the records that waited, ms. */
  readonly #observed: { value: number };
  #sequence = 0;
  /** Time of the first record that waits: most records end nobody's waiting. */
  #first = Number.POSITIVE_INFINITY;

  constructor(
    task: TaskContext,
    definition: KeyValueStoreDefinition<WaitingKey, WaitingValue>,
    grace: number,
    release: (record: AnyRecord) => void,
  ) {
    this.#task = task;
    this.#store = task.store(definition);
    this.#grace = grace;
    this.#release = release;
    this.#observed = task.committedNumber(`${definition.name}-stream-time`);
    for (const [{ time, sequence }] of this.#store.all()) {
      this.#first = Math.min(this.#first, time);
      this.#sequence = Math.max(this.#sequence, sequence);
      // After a change of engines nobody has committed the number, but what waits shows how far time has come.
      if (time > this.#observed.value) this.#observed.value = time;
    }
  }

  /** Takes a record; it goes on at once if it is later than `grace` allows. */
  take(record: AnyRecord): void {
    const { key, value, timestamp, headers } = record;
    if (timestamp < this.#observed.value - this.#grace) this.#release(record);
    else {
      const { topic = "", partition = -1, offset = -1 } = this.#task.position ?? {};
      this.#sequence = (this.#sequence + 1) % 0x8000_0000;
      this.#store.put(
        { time: timestamp, key, sequence: this.#sequence },
        { value, timestamp, headers: ownHeaders(headers), topic, partition, offset },
        timestamp,
      );
      if (timestamp > this.#observed.value) this.#observed.value = timestamp;
      if (timestamp < this.#first) this.#first = timestamp;
    }
    this.#releaseUpTo(this.#observed.value - this.#grace);
  }

  #releaseUpTo(time: number): void {
    if (this.#first > time) return;
    this.#first = Number.POSITIVE_INFINITY;
    for (const [waiting, { value, timestamp, headers }] of this.#store.all()) {
      if (waiting.time > time) {
        this.#first = waiting.time;
        return;
      }
      this.#release({ key: waiting.key, value, timestamp, headers });
      this.#store.delete(waiting);
    }
  }
}
