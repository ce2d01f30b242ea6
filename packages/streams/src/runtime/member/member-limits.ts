import type { AppSettings } from "../settings/app-options.ts";
import type { MemberLimits } from "./member-event.ts";

/** The deadlines of a member, from its settings. */
export const memberLimits = ({
  rebalanceTimeoutMs,
  maxStallMs,
  transactionTimeoutMs,
  guarantee,
}: AppSettings): MemberLimits => ({
  // Before the group gives up on this member, which has to join again after its answer.
  revokeMs: rebalanceTimeoutMs * 0.75,
  joinMs: rebalanceTimeoutMs / 4,
  settleMs: maxStallMs,
  wireMs: guarantee === "exactly_once" ? transactionTimeoutMs : 60_000,
  openMs: 60_000,
  retryMs: 100,
  longestRetryMs: 5_000,
});
