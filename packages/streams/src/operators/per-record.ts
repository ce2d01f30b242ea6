import { Observable, type OperatorFunction } from "rxjs";
import type { AnyRecord } from "../stages.ts";
import type { TaskContext } from "../runtime/task/task-context.ts";
import type { StreamRecord } from "../record.ts";

/**
 * An RxJS operator from what one record does. RxJS would swallow an exception and end the pipe; here it goes to the
 * task, which either leaves this one record out or stops before it commits.
 */
export const perRecord =
  <KIn, VIn, KOut, VOut>(
    task: TaskContext,
    operator: string,
    body: (record: StreamRecord<KIn, VIn>, forward: (record: StreamRecord<KOut, VOut>) => void) => void,
  ): OperatorFunction<AnyRecord, AnyRecord> =>
  (source) =>
    new Observable((out) => {
      const forward = (record: AnyRecord): void => out.next(record);
      return source.subscribe((record) => {
        try {
          body(record as StreamRecord<KIn, VIn>, forward);
        } catch (error) {
          task.failed(error, operator);
        }
      });
    });
