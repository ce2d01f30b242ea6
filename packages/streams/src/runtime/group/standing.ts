import type { GroupMembership } from "../../transport/group-coordinator.ts";
import type { IdleSubTopology } from "./choose-sub-topologies.ts";
import type { HostTasks } from "./host-tasks.ts";

/** What a member is to its group, as far as it knows. */
export class Standing {
  readonly #groupId: string;
  readonly #instanceId: string | undefined;
  memberId = "";
  generation = -1;
  /** The tasks that it has, `<sub-topology id>_<partition>`. */
  owned: readonly string[] = [];
  /** Those of which it keeps standbys. */
  standbys: readonly string[] = [];
  /** Those of the standbys that are to become tasks. */
  next: readonly string[] = [];
  /** Whose stores can be asked where. */
  hosts: readonly HostTasks[] = [];
  /** The sub-topologies that members have and nobody runs; known to the leader. */
  idle: readonly IdleSubTopology[] = [];

  constructor(groupId: string, instanceId: string | undefined) {
    this.#groupId = groupId;
    this.#instanceId = instanceId;
  }

  get membership(): GroupMembership {
    return {
      groupId: this.#groupId,
      generationId: this.generation,
      memberId: this.memberId,
      groupInstanceId: this.#instanceId ?? null,
    };
  }

  /** It has no generation any more, and no tasks, only standbys; `keptId` is what it joins with next. */
  forget(keptId: string): void {
    this.memberId = keptId;
    this.generation = -1;
    this.owned = [];
    this.next = [];
    this.idle = [];
  }
}
