import type { MembershipOptions } from "./membership-options.ts";
import type { Waiting } from "./waiting.ts";

/** Whether what a member's listener owes came in time; a member that leaves waits for nothing. */
export const owed = async (
  { clock, log, rebalanceTimeoutMs }: MembershipOptions,
  waiting: Waiting,
  promised: Promise<void>,
  what: string,
): Promise<boolean> => {
  let timer: unknown;
  let overdue = false;
  const patience = new Promise<void>((resolve) => {
    timer = clock.setTimeout(() => {
      overdue = true;
      log("warn", `has waited ${rebalanceTimeoutMs} ms for ${what}, and waits no longer`);
      resolve();
    }, rebalanceTimeoutMs);
  });
  try {
    await waiting.unlessLeaving(Promise.race([promised, patience]));
  } finally {
    clock.clearTimeout(timer);
  }
  return !overdue;
};
