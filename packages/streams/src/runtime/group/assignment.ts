import type { TopicPartition } from "../../transport/topic-partition.ts";
import { type AssignedPartitions, isTasks } from "./assigned-partitions.ts";
import { assignmentUserData, encodeProtocolAssignment } from "./consumer-protocol.ts";
import { decodeHosts, encodeHosts, type HostTasks } from "./host-tasks.ts";

/** What the leader tells a member. */
export interface Assignment {
  readonly tasks: readonly AssignedPartitions[];
  /** Those of which it is to keep standbys. */
  readonly standbys: readonly AssignedPartitions[];
  /** Those of the standbys that are to become tasks as soon as they are caught up. */
  readonly next: readonly AssignedPartitions[];
  /** Told to the leader: it has the group join again after a while, for something may have caught up then. */
  readonly probing: boolean;
  /** Whose stores can be asked where. */
  readonly hosts: readonly HostTasks[];
  /**
   * It has tasks that are meant for others, who get them once it has joined again without them. Told also for the sake of a
   * static member's next life, which gets this assignment without a rebalance, and does not know what its last one owed.
   */
  readonly giving: boolean;
  /** Mark of what the leader knew that the member can run; none from a leader that does not tell. */
  readonly madeFor?: number | undefined;
  /** Why all members of the application are to stop (KIP-671). */
  readonly stop?: string | undefined;
}

/** A later version may add fields, and must keep those of the first. */
const version = 2;

/** `partitions` are the topics' that these tasks read, for Kafka's tools. */
export const encodeAssignment = (
  { tasks, standbys, next, probing, hosts, giving, madeFor, stop }: Assignment,
  partitions: readonly TopicPartition[],
): Buffer =>
  encodeProtocolAssignment(
    partitions,
    Buffer.from(
      JSON.stringify({
        version,
        tasks,
        standbys,
        next,
        probing,
        hosts: hosts.length === 0 ? undefined : encodeHosts(hosts),
        giving,
        madeFor,
        stop,
      }),
    ),
  );

/** No bytes are no tasks: a leader that could not read this member's subscription. Throws on what is no assignment. */
export const decodeAssignment = (data: Buffer): Assignment => {
  if (data.length === 0) return nothing;
  const said: unknown = JSON.parse(assignmentUserData(data).toString("utf8"));
  if (!isAssignment(said)) throw new TypeError("the leader of the group speaks another language");
  const { tasks, standbys, next, hosts, probing, giving, madeFor, stop } = said;
  return {
    tasks: named(tasks),
    standbys: isTasks(standbys) ? named(standbys) : [],
    next: isTasks(next) ? named(next) : [],
    probing: probing === true,
    hosts: typeof hosts === "string" ? decodeHosts(hosts) : [],
    giving: giving === true,
    madeFor: typeof madeFor === "number" ? madeFor : undefined,
    stop: typeof stop === "string" ? stop : undefined,
  };
};

const nothing: Assignment = { tasks: [], standbys: [], next: [], probing: false, hosts: [], giving: false };

const named = (tasks: readonly AssignedPartitions[]): readonly AssignedPartitions[] =>
  tasks.map(({ identity, partitions }) => ({ identity, partitions }));

type Said = Readonly<Record<string, unknown>> & { readonly tasks: readonly AssignedPartitions[] };

const isAssignment = (said: unknown): said is Said =>
  typeof said === "object" && said !== null && "tasks" in said && isTasks(said.tasks);
