import type { Observable } from "rxjs";
import type { TaskContext } from "../runtime/task/task-context.ts";
import type { AnyRecord } from "../stages.ts";

/**
 * Subscribes an operator to its input. RxJS tells what a subscriber throws to nobody in time: the task would have
 * committed past the record. Here it goes to the task, which leaves this one record out or stops before it commits.
 */
export const forEachRecord = (
  input: Observable<AnyRecord>,
  task: TaskContext,
  operator: string,
  body: (record: AnyRecord) => void,
): void => {
  input.subscribe((record) => {
    try {
      body(record);
    } catch (error) {
      task.failed(error, operator);
    }
  });
};
