import type { Change } from "../change.ts";
import type { StreamRecord } from "../record.ts";
import type { KTable, StageNode } from "../stages.ts";
import { operatorStage } from "./operator-stage.ts";
import { perRecord } from "./per-record.ts";

/** A table operator without a store of its own: it maps the new and the old value alike. */
export const tableOperator = <K, V, V2>(
  parent: StageNode,
  operator: string,
  body: (record: StreamRecord<K, Change<V>>, forward: (record: StreamRecord<K, Change<V2>>) => void) => void,
  keepsValues: boolean,
): KTable<K, V2> =>
  operatorStage<"KTable", K, V2>("KTable", [parent], {
    operator,
    ...(keepsValues ? {} : { value: undefined }),
    attach: ([input], task) => {
      if (input === undefined) throw new Error(`${operator} has no input`);
      return input.pipe(perRecord(task, operator, body));
    },
  });
