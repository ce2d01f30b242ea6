import { TopologyError } from "../errors.ts";
import { type ErasedSerde, erased, type Serde } from "../serde.ts";
import { sessionWindowed } from "../serdes/session-windowed.ts";
import { windowed } from "../serdes/windowed.ts";
import type { Attach } from "../stages.ts";
import {
  erasedStore,
  type KeyValueStoreDefinition,
  type SessionStoreDefinition,
  type StoreDefinition,
  type WindowStoreDefinition,
} from "../state/store-definition.ts";
import type { Windowed } from "../windowed.ts";
import type { SessionWindows, SlidingWindows, TimeWindows } from "../windows.ts";
import type { Merge, StepsByInput } from "./aggregation.ts";
import { closedWindows } from "./closed-windows.ts";
import { attachSessionAggregate } from "./session-aggregate.ts";
import { attachSlidingAggregate } from "./sliding-aggregate.ts";
import { chosenSessionStore, chosenWindowStore, type StoreNameOr } from "./store-choice.ts";
import { attachWindowedAggregate } from "./windowed-aggregate.ts";
import type { Windowing } from "../windowing.ts";

interface Choice {
  readonly store: StoreNameOr<{ readonly name: string }>;
  readonly retention?: number;
}

interface WindowedState {
  /** Of the results. */
  readonly key: ErasedSerde | undefined;
  /** That of the results comes first. */
  readonly stores: readonly [StoreDefinition, ...StoreDefinition[]];
  readonly attach: Attach;
}

/** What an aggregation over time keeps, and what it does. */
export const windowedState = <K, A>(
  operator: string,
  choice: Choice,
  windowing: Windowing,
  key: Serde<K>,
  value: Serde<A>,
  steps: StepsByInput<K, A>,
  merge: Merge<K, A>,
): WindowedState =>
  windowing.windows.type === "session"
    ? sessionState(operator, choice, windowing as Windowing<SessionWindows>, key, value, steps, merge)
    : windowState(operator, choice, windowing as Windowing<TimeWindows | SlidingWindows>, key, value, steps);

const windowState = <K, A>(
  operator: string,
  choice: Choice,
  windowing: Windowing<TimeWindows | SlidingWindows>,
  key: Serde<K>,
  value: Serde<A>,
  steps: StepsByInput<K, A>,
): WindowedState => {
  const { windows, closeOnIdle, closedStore } = windowing;
  const [size, needed] =
    windows.type === "time"
      ? [windows.size, windows.size + windows.grace]
      : // A record reads the windows of those before it.
        [windows.difference, 2 * windows.difference + windows.grace];
  const definition = chosenWindowStore(
    choice.store as StoreNameOr<WindowStoreDefinition<K, A>>,
    key,
    value,
    size,
    choice.retention ?? needed,
    windowing.streamTime === "task" ? "task" : "written",
  );
  checkRetention(
    definition,
    needed,
    windows.type === "time" ? "size + grace" : "2 times the difference + grace",
  );
  const closed: KeyValueStoreDefinition<Windowed<K>, Uint8Array> | undefined =
    closeOnIdle === undefined
      ? undefined
      : ((closedStore as ReturnType<typeof closedWindows<K>> | undefined) ??
        closedWindows(definition.name, key, windows));
  const store = erasedStore(definition);
  return {
    key: erased(windowed(key, windows)),
    stores: closed === undefined ? [store] : [store, erasedStore(closed)],
    attach:
      windows.type === "time"
        ? attachWindowedAggregate(operator, windowing as Windowing<TimeWindows>, definition, closed, steps)
        : attachSlidingAggregate(operator, windowing as Windowing<SlidingWindows>, definition, closed, steps),
  };
};

const sessionState = <K, A>(
  operator: string,
  choice: Choice,
  windowing: Windowing<SessionWindows>,
  key: Serde<K>,
  value: Serde<A>,
  steps: StepsByInput<K, A>,
  merge: Merge<K, A>,
): WindowedState => {
  const { gap, grace } = windowing.windows;
  // A session whose last record is exactly gap + grace old is not closed yet, but a store of that retention, which is
  // that of Kafka Streams, has lost it. Where its final is still to come it must not.
  const needed = gap + grace + (windowing.emit === "updates" ? 0 : 1);
  const { store, retention = needed } = choice;
  const definition = chosenSessionStore(
    store as StoreNameOr<SessionStoreDefinition<K, A>>,
    key,
    value,
    retention,
  );
  checkRetention(definition, needed, windowing.emit === "updates" ? "gap + grace" : "gap + grace + 1");
  return {
    key: erased(sessionWindowed(key)),
    stores: [erasedStore(definition)],
    attach: attachSessionAggregate(operator, windowing, definition, steps, merge),
  };
};

const checkRetention = (
  { name, retention }: { readonly name: string; readonly retention: number },
  needed: number,
  formula: string,
): void => {
  if (retention < needed)
    throw new TopologyError(
      `the store "${name}" keeps windows for ${retention} ms, but they take records for ${needed} ms ` +
        `(${formula}): raise the retention`,
    );
};
