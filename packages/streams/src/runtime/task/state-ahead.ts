import { MillraceError } from "../../errors.ts";
import type { TaskChangelog } from "./prepared-task.ts";

/** State holds what its changelog does not: the brokers have lost what they had acknowledged. */
export const stateAhead = ({ store, topic, partition }: TaskChangelog, end: number): MillraceError =>
  new MillraceError(
    `there is state of "${store.name}" up to offset ${store.position} of ${topic}-${partition}, which ends at ` +
      `${end}: brokers have lost what they had acknowledged. Delete the state directory to go on with what they have`,
    { code: "STATE_AHEAD" },
  );
