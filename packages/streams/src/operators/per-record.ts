import type { StreamRecord } from "../record.ts";
import { RecordFlow } from "../runtime/task/record-flow.ts";
import type { TaskContext } from "../runtime/task/task-context.ts";
import type { AnyRecord } from "../stages.ts";

/**
 * What one record does, for each of `input`, and what comes of it. An exception goes to the task, which either leaves this
 * one record out or stops before it commits.
 */
export const perRecord = <KIn, VIn, KOut, VOut>(
  input: RecordFlow,
  task: TaskContext,
  operator: string,
  body: (record: StreamRecord<KIn, VIn>, forward: (record: StreamRecord<KOut, VOut>) => void) => void,
): RecordFlow => {
  const out = new RecordFlow();
  const forward = (record: AnyRecord): void => out.next(record);
  input.each((record) => {
    try {
      body(record as StreamRecord<KIn, VIn>, forward);
    } catch (error) {
      task.failed(error, operator);
    }
  });
  return out;
};
