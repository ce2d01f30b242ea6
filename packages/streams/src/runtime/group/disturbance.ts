import type { TransportError } from "../../transport/transport-error.ts";

/** What can come between a member and what it is waiting for. */
export type Disturbance =
  /** The group, or this process, wants everybody to join again. */
  | { readonly type: "rebalance" }
  /** The coordinator waits for no join, so the one that was sent is lost. */
  | { readonly type: "unseen" }
  /** Nobody answered for so long that the session has ended. */
  | { readonly type: "expired"; readonly error: unknown }
  /** The coordinator does not know the member any more, or only its id. */
  | { readonly type: "refused"; readonly error: TransportError }
  /** This process has given up its tasks, and wants to be no member until then. */
  | { readonly type: "stepBack"; readonly until: Promise<void> }
  | { readonly type: "leave" };

/** Of two that nobody has looked at, the later in this list is the one that counts. */
export const gravity: readonly Disturbance["type"][] = [
  "rebalance",
  "unseen",
  "expired",
  "refused",
  "stepBack",
  "leave",
];
