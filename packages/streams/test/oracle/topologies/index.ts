import { aggregates } from "./aggregates.ts";
import { cogroups } from "./cogroups.ts";
import { foreignKeyJoins } from "./foreign-key-joins.ts";
import { processors } from "./processors.ts";
import type { Scenario } from "./scenario.ts";
import { sessionWindows } from "./sessions.ts";
import { slidingWindows } from "./sliding.ts";
import { suppressed } from "./suppressed.ts";
import { stateless } from "./stateless.ts";
import { streamJoins } from "./stream-joins.ts";
import { tables } from "./tables.ts";
import { tableJoins } from "./table-joins.ts";
import { windows } from "./windows.ts";

/** Every topology whose operators exist, by the first part of its vectors' names. */
export const scenarios: ReadonlyMap<string, Scenario> = new Map(
  Object.entries({
    ...stateless,
    ...aggregates,
    ...windows,
    ...sessionWindows,
    ...slidingWindows,
    ...suppressed,
    ...cogroups,
    ...processors,
    ...tables,
    ...tableJoins,
    ...foreignKeyJoins,
    ...streamJoins,
  }),
);
