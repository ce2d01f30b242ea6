import type { DescribedMember } from "../../transport/group-coordinator.ts";
import type { Transport } from "../../transport/transport.ts";
import { type Assignment, decodeAssignment } from "./assignment.ts";
import { decodeSubscription, type Subscription } from "./subscription.ts";

/** A member of an application's group. */
export interface TaskMember {
  readonly memberId: string;
  /** Of a static member. */
  readonly instanceId: string | undefined;
  readonly clientId: string;
  /** Where it connects from, as the brokers see it. */
  readonly host: string;
  /** Where its stores can be asked, "host:port" (`applicationServer`). */
  readonly endpoint: string | undefined;
  /** False: it is not of this engine, or of a version that this one can't read; what it runs is unknown. */
  readonly understood: boolean;
}

/** One task, as one member has it. */
export interface GroupTask {
  /** Names of the topics that its sub-topology reads. */
  readonly sources: readonly string[];
  /** Names of the stores that its sub-topology keeps. */
  readonly stores: readonly string[];
  readonly partition: number;
  /** `warmup`: a standby that is to become the task. `unassigned`: nobody runs it. */
  readonly role: "active" | "standby" | "warmup" | "unassigned";
  readonly memberId: string | undefined;
  /**
   * Records of its changelogs that the member lacked when it joined last, and how many they held: less now. Undefined where
   * it had said nothing.
   */
  readonly state: { readonly lag: number; readonly whole: number } | undefined;
}

/** Who runs which tasks of an application. */
export interface GroupTasks {
  /** Kafka's word: `Stable`, `PreparingRebalance`, `CompletingRebalance`, `Empty`, or `Dead` where there is none. */
  readonly state: string;
  readonly members: readonly TaskMember[];
  /** By sub-topology, partition and role; none unless the group is `Stable`. */
  readonly tasks: readonly GroupTask[];
}

interface KnownMember extends TaskMember {
  readonly subscription: Subscription | undefined;
  readonly assignment: Assignment | undefined;
}

/**
 * Who runs which tasks, keeps which standbys, and warms what up, as the last rebalance left it: read from the group's
 * coordinator, so that nobody has to be asked (`kafka-consumer-groups --describe --members` knows partitions only). Throws
 * a TransportError.
 */
export const groupTasks = async (transport: Transport, applicationId: string): Promise<GroupTasks> => {
  const { state, members } = await transport.groupCoordinator(applicationId).describe();
  const known = members.map(knownMember);
  return {
    state,
    members: known.map(({ memberId, instanceId, clientId, host, endpoint, understood }) => ({
      memberId,
      instanceId,
      clientId,
      host,
      endpoint,
      understood,
    })),
    tasks: state === "Stable" ? tasksOf(known) : [],
  };
};

const knownMember = ({
  memberId,
  groupInstanceId,
  clientId,
  clientHost,
  metadata,
  assignment,
}: DescribedMember): KnownMember => {
  const subscription = decodeSubscription(metadata);
  return {
    memberId,
    instanceId: groupInstanceId ?? undefined,
    clientId,
    host: clientHost.replace(/^\//, ""),
    endpoint: subscription?.endpoint,
    understood: subscription !== undefined,
    subscription,
    assignment: subscription === undefined ? undefined : readAssignment(assignment),
  };
};

const readAssignment = (assignment: Buffer): Assignment | undefined => {
  try {
    return decodeAssignment(assignment);
  } catch {
    // Of another engine's leader: it has been given nothing that it can run.
    return undefined;
  }
};

const roles = ["active", "warmup", "standby"] as const;

const tasksOf = (members: readonly KnownMember[]): readonly GroupTask[] => {
  const offers = members.flatMap(({ subscription }) => subscription?.offers ?? []);
  const byIdentity = Map.groupBy(offers, ({ identity }) => identity);
  return [...byIdentity]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([identity, offered]) => {
      const { sources, stores } = offered[0] ?? { sources: [], stores: [] };
      const count = Math.max(...offered.map(({ tasks }) => tasks));
      return Array.from({ length: count }, (_, partition) => partition).flatMap((partition) => {
        const held = roles.flatMap((role) =>
          members
            .filter((member) => roleOf(member, identity, partition) === role)
            .map((member): GroupTask => ({
              sources,
              stores,
              partition,
              role,
              memberId: member.memberId,
              state: stateOf(member, identity, partition),
            })),
        );
        if (held.some(({ role }) => role === "active")) return held;
        const nobody: GroupTask = {
          sources,
          stores,
          partition,
          role: "unassigned",
          memberId: undefined,
          state: undefined,
        };
        return [nobody, ...held];
      });
    });
};

const roleOf = (
  { assignment }: KnownMember,
  identity: string,
  partition: number,
): (typeof roles)[number] | undefined => {
  if (assignment === undefined) return undefined;
  const has = (list: Assignment["tasks"]): boolean =>
    list.some((some) => some.identity === identity && some.partitions.includes(partition));
  if (has(assignment.tasks)) return "active";
  if (has(assignment.next)) return "warmup";
  return has(assignment.standbys) ? "standby" : undefined;
};

const stateOf = ({ subscription }: KnownMember, identity: string, partition: number): GroupTask["state"] => {
  const offer = subscription?.offers.find((offered) => offered.identity === identity);
  const known = offer?.lags?.find(([of]) => of === partition);
  return known === undefined ? undefined : { lag: known[1], whole: known[2] };
};
