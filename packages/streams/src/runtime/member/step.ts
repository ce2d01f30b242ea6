import { type Draft, draftOf, stateOf } from "./draft.ts";
import type { MemberEffect } from "./member-effect.ts";
import type { MemberEvent, MemberLimits } from "./member-event.ts";
import type { MemberState } from "./member-state.ts";

/** What an event makes of a state, and what is to be done. */
export interface Step {
  readonly state: MemberState;
  readonly effects: readonly MemberEffect[];
}

/**
 * Every rule about a member's tasks, its producer and its commits. Pure: no clock, no I/O, nothing kept. What it
 * guarantees in each state is written in `invariants.ts`, and holds in every interleaving of events.
 */
export const step = (state: MemberState, event: MemberEvent, limits: MemberLimits): Step => {
  if (state.life === "stopped") return { state, effects: answerLate(event) };
  const draft = draftOf(state);
  happen(draft, event, limits);
  advance(draft, event.at, limits);
  return { state: stateOf(draft), effects: draft.effects };
};

/** Whoever asks after the end gets an answer, too. */
const answerLate = (event: MemberEvent): readonly MemberEffect[] =>
  "token" in event ? [{ type: "reply", token: event.token }] : [];

const happen = (draft: Draft, event: MemberEvent, limits: MemberLimits): void => {
  const { at } = event;
  switch (event.type) {
    case "assigned":
      draft.member = true;
      draft.joining = false;
      if (draft.life === "running")
        for (const task of event.tasks)
          if (!draft.tasks.has(task)) draft.tasks.set(task, { phase: "wanted", life: 0 });
      return;
    case "revoked":
      // The group has settled: its generation stays until the answer, and with it the commit goes through.
      draft.joining = false;
      for (const task of event.tasks) giveUp(draft, task);
      draft.debts.push({ to: "revoked", token: event.token, tasks: event.tasks, by: at + limits.revokeMs });
      return;
    case "joining":
      draft.joining = true;
      // Not sealed yet: its tasks go on meanwhile, for the join may take long.
      if (draft.commit.phase === "settling" && draft.life === "running") draft.commit = { phase: "idle" };
      draft.debts.push({ to: "join", token: event.token, by: at + limits.joinMs });
      return;
    case "joined":
      draft.member = true;
      draft.joining = false;
      return;
    case "lost":
      draft.member = false;
      draft.joining = false;
      dropAll(draft);
      return;
    case "opened":
      if (draft.producer.phase === "opening" && event.epoch === draft.epoch)
        draft.producer = { phase: "open" };
      return;
    case "notOpened":
      if (draft.producer.phase === "opening" && event.epoch === draft.epoch) {
        draft.producer = { phase: "none" };
        tryLater(draft, at, limits);
      }
      return;
    case "started":
      if (isLife(draft, event)) run(draft, event.task, event.life);
      return;
    case "notStarted":
      if (!isLife(draft, event)) return;
      draft.tasks.set(event.task, { phase: "wanted", life: event.life });
      tryLater(draft, at, limits);
      return;
    case "resumed":
      resumed(draft, event);
      return;
    case "due":
      if (hasWork(draft)) beginCommit(draft, at, limits);
      return;
    case "settled":
      if (draft.commit.phase === "settling" && draft.commit.id === event.commit)
        draft.commit = { ...draft.commit, settled: true };
      return;
    case "durable":
      if (draft.commit.phase !== "wire" || draft.commit.id !== event.commit) return;
      for (const task of draft.commit.closing) close(draft, task);
      draft.commit = { phase: "idle" };
      draft.failures = 0;
      return;
    case "void":
      if (event.epoch === draft.epoch && draft.producer.phase === "open") loseTransaction(draft, at, limits);
      return;
    case "giveUp":
      leaveGroup(draft, at, limits);
      return;
    case "overdue":
      overdue(draft, at, limits);
      return;
    case "stop":
      draft.life = "stopping";
      for (const task of draft.tasks.keys()) giveUp(draft, task);
      draft.debts.push({ to: "stop", token: event.token, by: event.by });
      return;
  }
};

/** Does what the state allows now, whatever brought it about. */
const advance = (draft: Draft, at: number, limits: MemberLimits): void => {
  const { effects } = draft;
  if (draft.producer.phase === "none" && draft.retryAt === undefined && draft.tasks.size > 0) {
    draft.epoch++;
    draft.producer = { phase: "opening", by: at + limits.openMs };
    effects.push({ type: "open", epoch: draft.epoch });
  }
  if (draft.producer.phase === "open") {
    // Not before the producer is open: it ends what an earlier one left open, and the offsets are read after that.
    if (draft.retryAt === undefined) startWanted(draft);
    resumeSuspended(draft);
    if (isDraining(draft)) beginCommit(draft, at, limits);
    seal(draft, at, limits);
  }
  payDebts(draft);
  if (draft.life === "stopping" && draft.tasks.size === 0 && draft.commit.phase !== "wire") end(draft);
};

const isLife = (draft: Draft, { task, life }: { readonly task: string; readonly life: number }): boolean => {
  const owned = draft.tasks.get(task);
  return owned?.phase === "starting" && owned.life === life;
};

const hasWork = (draft: Draft): boolean =>
  [...draft.tasks.values()].some(({ phase }) => phase === "running" || phase === "draining");

const isDraining = (draft: Draft): boolean =>
  [...draft.tasks.values()].some(({ phase }) => phase === "draining");

/** The task is to be another's: what it did is committed first; where it did nothing it goes at once. */
const giveUp = (draft: Draft, task: string): void => {
  const owned = draft.tasks.get(task);
  if (owned === undefined || owned.phase === "draining") return;
  if (owned.phase === "running") {
    draft.tasks.set(task, { ...owned, phase: "draining" });
    return;
  }
  close(draft, task);
};

const close = (draft: Draft, task: string): void => {
  const owned = draft.tasks.get(task);
  if (owned === undefined) return;
  draft.tasks.delete(task);
  if (owned.phase === "starting") draft.effects.push({ type: "abandon", task });
  else if (owned.phase !== "wanted") draft.effects.push({ type: "close", task });
};

const run = (draft: Draft, task: string, life: number): void => {
  // Its producer was lost while it started: it has sent nothing, and goes on with the next one.
  if (draft.producer.phase !== "open") {
    draft.tasks.set(task, { phase: "suspended", life });
    return;
  }
  draft.tasks.set(task, { phase: "running", life });
  draft.effects.push({ type: "run", task });
};

const startWanted = (draft: Draft): void => {
  for (const [task, { phase }] of draft.tasks) {
    if (phase !== "wanted") continue;
    const life = ++draft.lives;
    draft.tasks.set(task, { phase: "starting", life });
    draft.effects.push({ type: "start", task, life });
  }
};

const resumeSuspended = (draft: Draft): void => {
  const tasks = [...draft.tasks].filter(([, { phase }]) => phase === "suspended").map(([task]) => task);
  if (tasks.length === 0) return;
  for (const task of tasks) {
    const owned = draft.tasks.get(task);
    if (owned !== undefined) draft.tasks.set(task, { ...owned, phase: "resuming" });
  }
  draft.effects.push({ type: "resume", epoch: draft.epoch, tasks });
};

const resumed = (
  draft: Draft,
  {
    epoch,
    tasks,
    anew,
  }: { readonly epoch: number; readonly tasks: readonly string[]; readonly anew: readonly string[] },
): void => {
  if (epoch !== draft.epoch) return;
  for (const task of tasks) {
    const owned = draft.tasks.get(task);
    if (owned?.phase === "resuming") run(draft, task, owned.life);
  }
  for (const task of anew) {
    const owned = draft.tasks.get(task);
    if (owned?.phase !== "resuming") continue;
    draft.effects.push({ type: "close", task });
    draft.tasks.set(task, { phase: "wanted", life: owned.life });
  }
};

/** With membership, and with a generation that stays; one at a time. */
const mayCommit = ({ member, joining, life, producer }: Draft): boolean =>
  // A member that stops does not wait for a join: if the generation changes the commit is refused, as a whole.
  member && producer.phase === "open" && (!joining || life === "stopping");

const beginCommit = (draft: Draft, at: number, limits: MemberLimits): void => {
  if (draft.commit.phase !== "idle" || !mayCommit(draft)) return;
  const id = ++draft.commits;
  draft.commit = { phase: "settling", id, settled: false, by: at + limits.settleMs };
};

/** Steps 3 to 5 begin. */
const seal = (draft: Draft, at: number, limits: MemberLimits): void => {
  const { commit } = draft;
  if (commit.phase !== "settling" || !commit.settled || !mayCommit(draft)) return;
  const working = [...draft.tasks].filter(([, { phase }]) => phase === "running" || phase === "draining");
  const closing = working.filter(([, { phase }]) => phase === "draining").map(([task]) => task);
  draft.commit = { phase: "wire", id: commit.id, closing, by: at + limits.wireMs };
  const tasks = working.map(([task]) => task);
  draft.effects.push({ type: "seal", commit: commit.id, epoch: draft.epoch, tasks });
};

/** Everything since the last commit is void: who drains goes without it, the others go back to the last commit. */
const loseTransaction = (draft: Draft, at: number, limits: MemberLimits): void => {
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
const dropAll = (draft: Draft): void => {
  // First, so that nothing of what is closed then can still be sealed.
  if (draft.producer.phase !== "none") draft.effects.push({ type: "shut", epoch: draft.epoch });
  for (const task of draft.tasks.keys()) close(draft, task);
  draft.producer = { phase: "none" };
  draft.commit = { phase: "idle" };
  draft.retryAt = undefined;
};

const leaveGroup = (draft: Draft, at: number, limits: MemberLimits): void => {
  dropAll(draft);
  if (!draft.member) return;
  draft.member = false;
  draft.joining = false;
  draft.effects.push({ type: "leave" });
  tryLater(draft, at, limits);
};

const tryLater = (draft: Draft, at: number, { retryMs, longestRetryMs }: MemberLimits): void => {
  draft.retryAt = at + Math.min(longestRetryMs, retryMs * 2 ** Math.min(draft.failures, 16));
  draft.failures++;
};

const overdue = (draft: Draft, at: number, limits: MemberLimits): void => {
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

const payDebts = (draft: Draft): void => {
  draft.debts = draft.debts.filter((debt) => {
    const open =
      debt.to === "revoked"
        ? debt.tasks.some((task) => draft.tasks.get(task)?.phase === "draining")
        : debt.to === "join"
          ? draft.commit.phase === "wire"
          : true;
    if (!open) draft.effects.push({ type: "reply", token: debt.token });
    return open;
  });
};

const end = (draft: Draft): void => {
  if (draft.producer.phase !== "none") draft.effects.push({ type: "shut", epoch: draft.epoch });
  draft.producer = { phase: "none" };
  draft.commit = { phase: "idle" };
  draft.life = "stopped";
  for (const { token } of draft.debts) draft.effects.push({ type: "reply", token });
  draft.debts = [];
  draft.retryAt = undefined;
  draft.effects.push({ type: "end" });
};
