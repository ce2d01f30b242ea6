import type { Draft } from "./draft.ts";

/** Answers whoever waits for what has come. */
export const payDebts = (draft: Draft): void => {
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
