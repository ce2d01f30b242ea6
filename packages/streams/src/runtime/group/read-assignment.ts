import { messageOf } from "../../errors.ts";
import { type Assignment, decodeAssignment } from "./assignment.ts";
import type { HostTasks } from "./host-tasks.ts";
import { type Holdings, localTasks, offersOf } from "./local-tasks.ts";
import type { MembershipOptions } from "./membership-options.ts";
import { offersMark } from "./offers-mark.ts";
import type { RunnableSubTopology } from "./runnable.ts";

/** An assignment, in the words of this process. */
export interface ReadAssignment {
  readonly tasks: readonly string[];
  readonly standbys: readonly string[];
  /** Those of the standbys that are to become tasks. */
  readonly next: readonly string[];
  /** Something may have caught up after a while: the group has to join again then. */
  readonly probing: boolean;
  readonly hosts: readonly HostTasks[];
  /**
   * It calls for another: by it this member, or its last life, has tasks that are meant for others; or it was made for a
   * last life that could run less, or more, or was asked elsewhere.
   */
  readonly outdated: boolean;
  /** Why all of the application are to stop. */
  readonly stop?: string | undefined;
}

const nothing: Holdings = { owned: [], standbys: [], next: [], states: new Map() };

/** What the leader gives. What this process can't read or run is left out, with a line. */
export const readAssignment = (
  answer: Buffer,
  runnable: readonly RunnableSubTopology[],
  { groupId, log, endpoint }: Pick<MembershipOptions, "groupId" | "log" | "endpoint">,
): ReadAssignment | undefined => {
  let assignment: Assignment;
  try {
    assignment = decodeAssignment(answer);
  } catch (error) {
    log(
      "warn",
      `the leader of group "${groupId}" gives tasks in a language that this member does not understand: it gets ` +
        `none until another leads; upgrade all members (${messageOf(error)})`,
    );
    return undefined;
  }
  const { giving, madeFor, probing, hosts, stop } = assignment;
  const { tasks, unknown } = localTasks(runnable, assignment.tasks);
  for (const { identity, partitions } of unknown)
    log(
      "warn",
      `the leader of group "${groupId}" gives tasks that this topology does not have, which are left out: partitions ` +
        `${partitions.join(", ")} of "${identity}"`,
      { identity, partitions },
    );
  const mark = offersMark(offersOf(runnable, nothing), endpoint);
  return {
    tasks,
    // What this process does not know of has been told for the tasks.
    standbys: localTasks(runnable, assignment.standbys).tasks,
    next: localTasks(runnable, assignment.next).tasks,
    probing,
    hosts,
    outdated: giving || (madeFor !== undefined && madeFor !== mark),
    stop,
  };
};
