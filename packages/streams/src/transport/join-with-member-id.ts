import type { JoinRequest, JoinResponse } from "./group-coordinator.ts";
import { TransportError } from "./transport-error.ts";

/** What a coordinator answers a member without an id: to join again with this one. */
export interface MemberIdToUse {
  readonly memberIdToUse: string;
}

/** Joins a group, and once more where the coordinator gives a member id first (KIP-394). */
export const joinWithMemberId = async (
  groupId: string,
  request: JoinRequest,
  join: (request: JoinRequest) => Promise<JoinResponse | MemberIdToUse>,
): Promise<JoinResponse> => {
  const first = await join(request);
  if (!("memberIdToUse" in first)) return first;
  request.onMemberId?.(first.memberIdToUse);
  const second = await join({ ...request, memberId: first.memberIdToUse });
  if (!("memberIdToUse" in second)) return second;
  throw new TransportError(
    `joining group "${groupId}": asked for a member id twice`,
    "MEMBER_ID_REQUIRED",
    "retry",
  );
};
