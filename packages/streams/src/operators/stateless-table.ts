import type { Change } from "../change.ts";
import type { AttachOne } from "./operator-stage.ts";
import { perRecord } from "./per-record.ts";

/** A table that nobody reads by key: each record is a change, of which is known only what it brings. */
export const attachStatelessTable =
  (operator: string): AttachOne =>
  ({ input }, task) =>
    perRecord<unknown, unknown, unknown, Change<unknown>>(input, task, operator, (record, forward) => {
      if (record.key === null) task.drop("nullKey");
      else forward({ ...record, value: { newValue: record.value, oldValue: null, isLatest: true } });
    });
