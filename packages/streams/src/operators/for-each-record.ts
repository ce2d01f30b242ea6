import type { RecordFlow } from "../runtime/task/record-flow.ts";
import type { TaskContext } from "../runtime/task/task-context.ts";
import type { AnyRecord } from "../stages.ts";

/**
 * Subscribes an operator to its input. Meanwhile its record is what the task's stores take for the one that changes them:
 * operators may have given it another time, or other headers, than it was read with.
 *
 * What it throws goes to the task, which leaves this one record out or stops before it commits.
 */
export const forEachRecord = (
  input: RecordFlow,
  task: TaskContext,
  operator: string,
  body: (record: AnyRecord) => void,
): void => {
  input.each((record) => {
    const { timestamp, headers } = task;
    task.timestamp = record.timestamp;
    task.headers = record.headers;
    try {
      body(record);
    } catch (error) {
      task.failed(error, operator);
    }
    task.timestamp = timestamp;
    task.headers = headers;
  });
};
