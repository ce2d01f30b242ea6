import type { ConsoleState } from "./console-state.ts";
import type { GraphView } from "./graph-view.ts";
import type { LetterTopicView } from "./letters-view.ts";
import type { VenueView } from "./venue-view.ts";

/** Server-sent events by their names, with their data: each whole, so that a page that comes late lacks nothing. */
export interface ConsoleEvents {
  readonly state: ConsoleState;
  readonly graphs: readonly GraphView[];
  readonly letters: readonly LetterTopicView[];
  readonly venue: VenueView;
}
