import { messageOf } from "../../errors.ts";
import type { JoinResponse } from "../../transport/group-coordinator.ts";
import type { MembershipOptions } from "./membership-options.ts";
import type { Standing } from "./standing.ts";
import { within } from "../../within.ts";

/** How long leaving may take unless said otherwise, ms: the group notices in any case, when the session ends. */
export const leaveMs = 3_000;

/** Tells the coordinator that a member leaves. */
export const sendLeave = async (
  { clock, coordinator, log, instanceId }: MembershipOptions,
  { memberId, membership }: Standing,
  timeoutMs: number,
): Promise<void> => {
  // Without a name there is nothing to leave yet: a join that is answered later is left then.
  if (memberId === "" && instanceId === undefined) return;
  try {
    await within(clock, coordinator.leave(membership, { timeoutMs }), timeoutMs, "leaving");
  } catch (error) {
    log("debug", `leaving the group, which goes on when the session has ended: ${messageOf(error)}`);
  }
};

/** A join was answered after its member had left: it must not stay behind as a ghost. */
export const leaveAfterAll = (
  { coordinator, instanceId, groupId, log }: MembershipOptions,
  { memberId, generationId }: JoinResponse,
): void => {
  if (instanceId !== undefined) return;
  coordinator
    .leave({ groupId, memberId, generationId, groupInstanceId: null }, { timeoutMs: leaveMs })
    .catch((error: unknown) => log("debug", `leaving the group: ${messageOf(error)}`));
};
