import { beginCommit, seal } from "./commit-phases.ts";
import { payDebts } from "./debts.ts";
import { type Draft, draftOf, stateOf } from "./draft.ts";
import { dropAll, leaveGroup, loseTransaction, tryLater } from "./losses.ts";
import type { MemberEffect } from "./member-effect.ts";
import type { MemberEvent, MemberLimits } from "./member-event.ts";
import type { MemberState } from "./member-state.ts";
import { overdue } from "./overdue.ts";
import {
  close,
  giveUp,
  hasWork,
  isDraining,
  isLife,
  resumed,
  resumeSuspended,
  run,
  startWanted,
} from "./task-phases.ts";

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
