import type { MemberEvent } from "./member-event.ts";
import type { MemberState } from "./member-state.ts";

/** An event without its time, which is that of its being looked at. */
export type Untimed<Event> = Event extends MemberEvent ? Omit<Event, "at"> : never;

/** How those who carry out a member's effects tell it what came of them. */
export interface MemberPost {
  readonly state: () => MemberState;
  /** Looked at now: only from within a letter. */
  readonly dispatch: (event: Untimed<MemberEvent>) => void;
  /** Looked at in the next turn of the loop. */
  readonly post: (event: Untimed<MemberEvent>) => void;
  /** Has `letter` run in the next turn of the loop. */
  readonly letter: (letter: () => void) => void;
}
