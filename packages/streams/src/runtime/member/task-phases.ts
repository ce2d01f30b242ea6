import type { Draft } from "./draft.ts";

// How a task of the member goes from one phase to the next.

export const hasWork = (draft: Draft): boolean =>
  [...draft.tasks.values()].some(({ phase }) => phase === "running" || phase === "draining");

export const isDraining = (draft: Draft): boolean =>
  [...draft.tasks.values()].some(({ phase }) => phase === "draining");

export const isLife = (
  draft: Draft,
  { task, life }: { readonly task: string; readonly life: number },
): boolean => {
  const owned = draft.tasks.get(task);
  return owned?.phase === "starting" && owned.life === life;
};

export const startWanted = (draft: Draft): void => {
  for (const [task, { phase }] of draft.tasks) {
    if (phase !== "wanted") continue;
    const life = ++draft.lives;
    draft.tasks.set(task, { phase: "starting", life });
    draft.effects.push({ type: "start", task, life });
  }
};

export const run = (draft: Draft, task: string, life: number): void => {
  // Its producer was lost while it started: it has sent nothing, and goes on with the next one.
  if (draft.producer.phase !== "open") {
    draft.tasks.set(task, { phase: "suspended", life });
    return;
  }
  draft.tasks.set(task, { phase: "running", life });
  draft.effects.push({ type: "run", task });
};

/** The task is to be another's: what it did is committed first; where it did nothing it goes at once. */
export const giveUp = (draft: Draft, task: string): void => {
  const owned = draft.tasks.get(task);
  if (owned === undefined || owned.phase === "draining") return;
  if (owned.phase === "running") {
    draft.tasks.set(task, { ...owned, phase: "draining" });
    return;
  }
  close(draft, task);
};

export const close = (draft: Draft, task: string): void => {
  const owned = draft.tasks.get(task);
  if (owned === undefined) return;
  draft.tasks.delete(task);
  if (owned.phase === "starting") draft.effects.push({ type: "abandon", task });
  else if (owned.phase !== "wanted") draft.effects.push({ type: "close", task });
};

export const resumeSuspended = (draft: Draft): void => {
  const tasks = [...draft.tasks].filter(([, { phase }]) => phase === "suspended").map(([task]) => task);
  if (tasks.length === 0) return;
  for (const task of tasks) {
    const owned = draft.tasks.get(task);
    if (owned !== undefined) draft.tasks.set(task, { ...owned, phase: "resuming" });
  }
  draft.effects.push({ type: "resume", epoch: draft.epoch, tasks });
};

export const resumed = (
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
