import type { JoinWindows } from "../join-windows.ts";
import type { CommittedNumber, TaskContext } from "../runtime/task/task-context.ts";
import type { AnyRecord } from "../stages.ts";
import type { KeyValueStore } from "../state/key-value-store.ts";
import type { Unjoined, UnjoinedKey } from "../state/outer-join-store.ts";
import type { StreamJoinStores } from "./stream-join-stores.ts";

type Side = "left" | "right";

/** Nothing waits. */
const never = Number.POSITIVE_INFINITY;

/**
 * Records of a left or outer join that have met none yet: they wait until stream time, which both sides share, has passed
 * the end of their window by the grace, and then go on alone.
 */
export class UnjoinedRecords {
  readonly #task: TaskContext;
  readonly #store: KeyValueStore<UnjoinedKey<unknown>, readonly Unjoined<unknown, unknown>[]>;
  readonly #windows: JoinWindows;
  readonly #emit: (waited: UnjoinedKey<unknown>, value: unknown, cause: AnyRecord) => void;
  readonly #streamTime: CommittedNumber;
  /** No record waits that is older, except for those that the last look saw and left, as on the JVM. */
  #first = never;
  #nextLook = 0;

  constructor(
    task: TaskContext,
    definition: NonNullable<StreamJoinStores["unjoined"]>,
    windows: JoinWindows,
    emit: (waited: UnjoinedKey<unknown>, value: unknown, cause: AnyRecord) => void,
  ) {
    this.#task = task;
    this.#store = task.store(definition);
    this.#windows = windows;
    this.#emit = emit;
    this.#streamTime = task.committedNumber(`${definition.name}-stream-time`);
    const [first] = this.#store.all();
    if (first !== undefined) this.#first = first[0].timestamp;
    // After a change of engines nobody has committed the number, but what waits shows how far time has come.
    const [last] = this.#store.reverseAll();
    if (last !== undefined) this.observe(last[0].timestamp);
  }

  /** Moves stream time, ms. */
  observe(timestamp: number): void {
    if (timestamp > this.#streamTime.value) this.#streamTime.value = timestamp;
  }

  /** Whether stream time is past this time. */
  isPast(time: number): boolean {
    return time < this.#streamTime.value;
  }

  /** A record of `side` has come: lets those go whose time is over. One out of order lets none go. */
  look(side: Side, record: AnyRecord): void {
    if (record.timestamp !== this.#streamTime.value || !this.#mayLook(side)) return;
    this.#first = never;
    const { before, after, grace } = this.#windows;
    const open = { left: false, right: false };
    let sent: UnjoinedKey<unknown> | undefined;
    for (const [waiting, values] of this.#store.all()) {
      this.#first = waiting.timestamp;
      if (open.left && open.right) break;
      if (!this.isPast(waiting.timestamp + (waiting.side === "left" ? after : before) + grace)) {
        open[waiting.side] = true;
        continue;
      }
      for (const { value } of values) {
        this.#emit(waiting, value, record);
        if (sent !== undefined && sent !== waiting) this.#store.delete(sent, record.timestamp);
        sent = waiting;
      }
    }
    if (sent !== undefined) this.#store.delete(sent, record.timestamp);
  }

  #mayLook(side: Side): boolean {
    const { before, after, grace } = this.#windows;
    const length = (side === "left" ? after : before) + grace;
    // Where nothing waits the JVM looks too, for its sum of times overflows: the interval begins anew.
    if (this.#first === never ? length <= 0 : !this.isPast(this.#first + length)) return false;
    const { emitIntervalMs } = this.#task;
    // Where clocks are set back nothing would be told until they are where they were.
    if (emitIntervalMs === 0) return true;
    const now = this.#task.now();
    if (now < this.#nextLook) return false;
    this.#nextLook = now + emitIntervalMs;
    return true;
  }

  add(side: Side, { key, value, timestamp }: AnyRecord): void {
    const waiting = { timestamp, side, key };
    const one: Unjoined<unknown, unknown> = { side, value };
    this.#store.put(waiting, [...(this.#store.get(waiting) ?? []), one], timestamp);
    if (timestamp < this.#first) this.#first = timestamp;
  }

  /** The record of `side` at this time has met `other`. */
  joined(side: Side, timestamp: number, other: AnyRecord): void {
    const waiting = { timestamp, side, key: other.key };
    if (this.#store.has(waiting)) this.#store.delete(waiting, other.timestamp);
  }
}
