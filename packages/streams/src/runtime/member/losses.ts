import type { Draft } from "./draft.ts";
import type { MemberLimits } from "./member-event.ts";
import { close } from "./task-phases.ts";

// What is void with a transaction, and with membership.

/** Everything since the last commit is void: who drains goes without it, the others go back to the last commit. */
export const loseTransaction = (draft: Draft, at: number, limits: MemberLimits): void => {
  draft.effects.push({ type: "shut", epoch: draft.epoch });
  draft.producer = { phase: "none" };
  draft.commit = { phase: "idle" };
  for (const [task, owned] of draft.tasks) {
    if (owned.phase === "draining") close(draft, task);
    else if (owned.phase === "running" || owned.phase === "resuming") {
      draft.tasks.set(task, { ...owned, phase: "suspended" });
      if (owned.phase === "running") draft.effects.push({ type: "suspend", task });
    }
  }
  tryLater(draft, at, limits);
};

/** Nothing of this member's work may be committed any more. */
export const dropAll = (draft: Draft): void => {
  // First, so that nothing of what is closed then can still be sealed.
  if (draft.producer.phase !== "none") draft.effects.push({ type: "shut", epoch: draft.epoch });
  for (const task of draft.tasks.keys()) close(draft, task);
  draft.producer = { phase: "none" };
  draft.commit = { phase: "idle" };
  draft.retryAt = undefined;
};

export const leaveGroup = (draft: Draft, at: number, limits: MemberLimits): void => {
  dropAll(draft);
  if (!draft.member) return;
  draft.member = false;
  draft.joining = false;
  draft.effects.push({ type: "leave" });
  tryLater(draft, at, limits);
};

export const tryLater = (draft: Draft, at: number, { retryMs, longestRetryMs }: MemberLimits): void => {
  draft.retryAt = at + Math.min(longestRetryMs, retryMs * 2 ** Math.min(draft.failures, 16));
  draft.failures++;
};
