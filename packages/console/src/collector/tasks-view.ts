import type { TaskView } from "../protocol/console-state.ts";
import type { MemberSample } from "./member-sample.ts";
import { sums } from "./sums.ts";

const taskOf = (labels: Readonly<Record<string, string>>): string => labels["task"] ?? "";

/** Every task that somebody has, by sub-topology and partition: who runs it, who keeps standbys, how far behind it is. */
export const tasksView = (members: readonly MemberSample[]): readonly TaskView[] => {
  const lags = sums(
    members.flatMap((member) => member.samples("lag_records")),
    taskOf,
  );
  const processed = sums(
    members.flatMap((member) => member.rates("processed_records_total")),
    taskOf,
  );
  const held = members.flatMap(({ url, status: { tasks } }) => tasks.map((task) => ({ ...task, url })));
  return [...Map.groupBy(held, ({ id }) => id)]
    .map(([id, holders]): TaskView => {
      const { subTopology = 0, partition = 0 } = holders[0] ?? {};
      // While a task moves two may have it: the one that works counts.
      const active = holders.find(({ state }) => state === "active");
      const holder = active ?? holders.find(({ state }) => state === "restoring");
      return {
        id,
        subTopology,
        partition,
        active: holder?.url,
        state: active === undefined ? (holder === undefined ? "unassigned" : "restoring") : "active",
        standbys: holders
          .filter(({ state }) => state === "standby")
          .map(({ url, stateLag }) => ({ url, stateLag })),
        lag: lags[id] ?? 0,
        processed: processed[id] ?? 0,
      };
    })
    .toSorted((a, b) => a.subTopology - b.subTopology || a.partition - b.partition);
};
