import type { ApplicationView } from "../src/protocol/console-state.ts";
import { counted, countText } from "./amounts.ts";

/** Something that records wait at. */
export interface Wait {
  readonly place: string;
  readonly why: string;
}

/** Where records wait: unread in topics, in calls to the outside, for state that is being restored, for somebody to run a task. */
export const waitsOf = ({ lagByTopic, asyncCalls, stores, tasks }: ApplicationView): readonly Wait[] => [
  ...Object.entries(lagByTopic)
    .filter(([, lag]) => lag > 0)
    .map(([topic, lag]) => ({ place: topic, why: `${counted(lag, "record")} behind` })),
  ...Object.entries(asyncCalls)
    .filter(([, calls]) => calls > 0)
    .map(([subTopology, calls]) => ({
      place: `sub-topology ${subTopology}`,
      why: `${counted(calls, "call")} to the outside under way`,
    })),
  ...stores
    .filter(({ toRestore }) => toRestore > 0)
    .map(({ name, toRestore }) => ({ place: name, why: `${countText(toRestore)} records to restore` })),
  ...tasks
    .filter(({ state }) => state !== "active")
    .map(({ id, state }) => ({
      place: `task ${id}`,
      why: state === "restoring" ? "is being restored" : "nobody runs it",
    })),
];
