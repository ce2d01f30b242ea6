import type { JoinRequest, JoinResponse } from "../../../transport/group-coordinator.ts";

/** An answer that the coordinator holds back until everybody is there. */
interface HeldAnswer<T> {
  readonly resolve: (value: T) => void;
  readonly reject: (error: unknown) => void;
}

/** One member of a group, as the coordinator knows it. */
export interface GroupMemberState {
  id: string;
  readonly instanceId: string | null;
  request: JoinRequest;
  /** Set while it waits for the others to join. */
  joining: HeldAnswer<JoinResponse> | undefined;
  /** Set while it waits for the leader's assignment. */
  syncing: HeldAnswer<Buffer> | undefined;
  assignment: Buffer;
  /** Of its session. */
  timer: unknown;
}

/** What a coordinator that takes over finds of a member. */
export type PersistedMember = Pick<GroupMemberState, "id" | "instanceId" | "request" | "assignment">;

/** Whether two joins of one member say the same. */
export const sameProtocols = (a: JoinRequest, b: JoinRequest): boolean =>
  a.protocols.length === b.protocols.length &&
  a.protocols.every((protocol, at) => {
    const other = b.protocols[at];
    return protocol.name === other?.name && protocol.metadata.equals(other.metadata);
  });
