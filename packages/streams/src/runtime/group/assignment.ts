import type { TopicPartition } from "../../transport/topic-partition.ts";
import { assignmentUserData, encodeProtocolAssignment } from "./consumer-protocol.ts";

/** Tasks of one sub-topology. */
export interface AssignedPartitions {
  readonly identity: string;
  readonly partitions: readonly number[];
}

/** What the leader tells a member. */
export interface Assignment {
  readonly tasks: readonly AssignedPartitions[];
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
const version = 1;

/** `partitions` are the topics' that these tasks read, for Kafka's tools. */
export const encodeAssignment = (
  { tasks, giving, madeFor, stop }: Assignment,
  partitions: readonly TopicPartition[],
): Buffer =>
  encodeProtocolAssignment(
    partitions,
    Buffer.from(JSON.stringify({ version, tasks, giving, madeFor, stop })),
  );

/** No bytes are no tasks: a leader that could not read this member's subscription. Throws on what is no assignment. */
export const decodeAssignment = (data: Buffer): Assignment => {
  if (data.length === 0) return { tasks: [], giving: false };
  const said: unknown = JSON.parse(assignmentUserData(data).toString("utf8"));
  if (!isAssignment(said)) throw new TypeError("the leader of the group speaks another language");
  return {
    tasks: said.tasks.map(({ identity, partitions }) => ({ identity, partitions })),
    giving: said.giving === true,
    madeFor: typeof said.madeFor === "number" ? said.madeFor : undefined,
    stop: typeof said.stop === "string" ? said.stop : undefined,
  };
};

const isAssignment = (
  said: unknown,
): said is {
  readonly tasks: readonly AssignedPartitions[];
  readonly giving?: unknown;
  readonly madeFor?: unknown;
  readonly stop?: unknown;
} =>
  typeof said === "object" &&
  said !== null &&
  "tasks" in said &&
  Array.isArray(said.tasks) &&
  said.tasks.every(
    (task: unknown) =>
      typeof task === "object" &&
      task !== null &&
      "identity" in task &&
      typeof task.identity === "string" &&
      "partitions" in task &&
      Array.isArray(task.partitions) &&
      task.partitions.every((partition) => Number.isSafeInteger(partition)),
  );
