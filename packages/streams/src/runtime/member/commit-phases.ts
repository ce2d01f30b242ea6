import type { Draft } from "./draft.ts";
import type { MemberLimits } from "./member-event.ts";

// When a commit begins, and when it is sealed.

/** With membership, and with a generation that stays; one at a time. */
const mayCommit = ({ member, joining, life, producer }: Draft): boolean =>
  // A member that stops does not wait for a join: if the generation changes the commit is refused, as a whole.
  member && producer.phase === "open" && (!joining || life === "stopping");

export const beginCommit = (draft: Draft, at: number, limits: MemberLimits): void => {
  if (draft.commit.phase !== "idle" || !mayCommit(draft)) return;
  const id = ++draft.commits;
  draft.commit = { phase: "settling", id, settled: false, by: at + limits.settleMs };
};

/** Steps 3 to 5 begin. */
export const seal = (draft: Draft, at: number, limits: MemberLimits): void => {
  const { commit } = draft;
  if (commit.phase !== "settling" || !commit.settled || !mayCommit(draft)) return;
  const working = [...draft.tasks].filter(([, { phase }]) => phase === "running" || phase === "draining");
  const closing = working.filter(([, { phase }]) => phase === "draining").map(([task]) => task);
  draft.commit = { phase: "wire", id: commit.id, closing, by: at + limits.wireMs };
  const tasks = working.map(([task]) => task);
  draft.effects.push({ type: "seal", commit: commit.id, epoch: draft.epoch, tasks });
};
