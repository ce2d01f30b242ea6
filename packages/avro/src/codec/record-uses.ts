import type { Action, RecordAction } from "../resolution/action.ts";

/** How a record is used among the actions of one schema pair. */
export interface RecordUse {
  once: boolean;
  recursive: boolean;
}

/** How each record is used. */
export const usesOf = (root: Action): ReadonlyMap<RecordAction, RecordUse> => {
  const uses = new Map<RecordAction, RecordUse>();
  const open = new Set<RecordAction>();
  const visit = (action: Action): void => {
    if (action.do === "array") visit(action.items);
    else if (action.do === "map") visit(action.values);
    else if (action.do === "branches") action.branches.forEach(visit);
    else if (action.do === "into") visit(action.action);
    else if (action.do === "record") {
      const known = uses.get(action);
      if (known !== undefined) {
        known.once = false;
        if (open.has(action)) known.recursive = true;
        return;
      }
      uses.set(action, { once: true, recursive: false });
      open.add(action);
      for (const step of action.steps) if (step.field !== undefined) visit(step.action);
      open.delete(action);
    }
  };
  visit(root);
  return uses;
};
