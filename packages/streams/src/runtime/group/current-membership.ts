import type { GroupMembership } from "../../transport/group-coordinator.ts";

/** What the member asks of the group's membership. */
export interface CurrentMembership {
  /** Who commits now. */
  current(): GroupMembership;
  /** A join or sync is on the wire: the generation may be about to change, so no commit is begun. */
  readonly joining: boolean;
  /** The coordinator has heard nothing of this member for longer than its session, as far as is known: others may have its tasks. */
  readonly unheard: boolean;
}
