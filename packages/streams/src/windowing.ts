import type { KeyValueStoreDefinition } from "./state/store-definition.ts";
import type { Windowed } from "./windowed.ts";
import type { SessionWindows, SlidingWindows, TimeWindows } from "./windows.ts";

/** Where windows are remembered that idleness has closed. */
export type ClosedStore = KeyValueStoreDefinition<Windowed<unknown>, Uint8Array>;

/** What groups can be cut into over time. */
export type Windows = TimeWindows | SlidingWindows | SessionWindows;

/** How groups are cut, when results of it are sent on, and by whose time. */
export interface Windowing<W extends Windows = Windows> {
  readonly windows: W;
  readonly emit: "updates" | "finals" | "both";
  readonly closeOnIdle: number | undefined;
  readonly closedStore: ClosedStore | undefined;
  readonly streamTime: "operator" | "task";
}
