import type { MemberEffect } from "./member-effect.ts";
import type { Debt, MemberState, OwnedTask } from "./member-state.ts";

/** A state while one step changes it, and the effects that come of it. */
export interface Draft {
  life: MemberState["life"];
  member: boolean;
  joining: boolean;
  epoch: number;
  producer: MemberState["producer"];
  readonly tasks: Map<string, OwnedTask>;
  commit: MemberState["commit"];
  debts: Debt[];
  retryAt: number | undefined;
  failures: number;
  lives: number;
  commits: number;
  readonly effects: MemberEffect[];
}

export const draftOf = (state: MemberState): Draft => ({
  ...state,
  tasks: new Map(state.tasks),
  debts: [...state.debts],
  effects: [],
});

export const stateOf = (draft: Draft): MemberState => {
  const { life, member, joining, epoch, producer, tasks, commit, debts, retryAt, failures, lives, commits } =
    draft;
  return { life, member, joining, epoch, producer, tasks, commit, debts, retryAt, failures, lives, commits };
};
