import type { Draft } from "./draft.ts";
import { dropAll, leaveGroup, loseTransaction, tryLater } from "./losses.ts";
import type { MemberLimits } from "./member-event.ts";

/** Something owed has not come: what that costs. The gravest first; of what is left the next look tells. */
export const overdue = (draft: Draft, at: number, limits: MemberLimits): void => {
  if (draft.retryAt !== undefined && draft.retryAt <= at) draft.retryAt = undefined;
  const { commit, producer } = draft;
  if (draft.debts.some(({ to, by }) => to === "stop" && by <= at)) dropAll(draft);
  else if (commit.phase === "settling" && commit.by <= at) leaveGroup(draft, at, limits);
  else if (commit.phase === "wire" && commit.by <= at) loseTransaction(draft, at, limits);
  else if (draft.debts.some(({ by }) => by <= at)) loseTransaction(draft, at, limits);
  else if (producer.phase === "opening" && producer.by <= at) {
    draft.effects.push({ type: "shut", epoch: draft.epoch });
    draft.producer = { phase: "none" };
    tryLater(draft, at, limits);
  }
};
