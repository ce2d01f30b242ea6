import { catchError, EMPTY, Observable, type OperatorFunction } from "rxjs";
import type { StreamRecord } from "../record.ts";
import type { KStream } from "../stages.ts";
import { RecordFlow } from "../runtime/task/record-flow.ts";
import { MillraceError } from "../errors.ts";
import type { Named } from "./named.ts";
import { operatorStage } from "./operator-stage.ts";

/**
 * Takes any synchronous RxJS operator over records: the one escape hatch. Each task has its own instance, and what it
 * remembers is gone after a restart. An error stops the task before it commits; an operator that emits later
 * than its input (`delay`, `debounceTime`) is an error too: see `mapAsync`.
 */
export const via =
  <K, V, K2, V2>(
    operator: OperatorFunction<StreamRecord<K, V>, StreamRecord<K2, V2>>,
    options: Named & { readonly keepsKey?: boolean } = {},
  ): ((stage: KStream<K, V>) => KStream<K2, V2>) =>
  ({ node }) =>
    operatorStage<"KStream", K2, V2>(
      "KStream",
      { input: node },
      {
        operator: "via",
        name: options.name,
        flow: "unknown",
        value: undefined,
        ...(options.keepsKey === true ? {} : { key: undefined, rekeyed: true }),
        attach: ({ input }, task) => {
          let running = false;
          const out = new RecordFlow();
          const source = new Observable<StreamRecord<K, V>>((inner) =>
            input.each((record) => {
              running = true;
              inner.next(record as StreamRecord<K, V>);
              running = false;
            }),
          );
          source
            .pipe(
              operator,
              catchError((error: unknown) => {
                task.stop(error, "via");
                return EMPTY;
              }),
            )
            .subscribe((record) => {
              if (running) out.next(record);
              else
                task.stop(
                  new MillraceError(
                    "an operator given to via() emitted after its input was done; use mapAsync()",
                    { code: "ASYNC_OPERATOR" },
                  ),
                  "via",
                );
            });
          return out;
        },
      },
    );
