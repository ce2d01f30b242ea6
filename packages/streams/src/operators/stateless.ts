import type { StreamRecord } from "../record.ts";
import type { ErasedSerde } from "../serde.ts";
import type { KStream, StageNode } from "../stages.ts";
import { operatorStage } from "./operator-stage.ts";
import { perRecord } from "./per-record.ts";

interface Stateless {
  readonly operator: string;
  readonly name: string | undefined;
  /** Serdes of what it makes; left out where it keeps keys or values as they are. */
  readonly key?: ErasedSerde | undefined;
  readonly value?: ErasedSerde | undefined;
  readonly rekeyed?: boolean;
}

/** A stream operator without state: what it does to the serdes, and what it does to a record. */
export const stateless = <K, V, K2, V2>(
  parent: StageNode,
  node: Stateless,
  body: (record: StreamRecord<K, V>, forward: (record: StreamRecord<K2, V2>) => void) => void,
): KStream<K2, V2> =>
  operatorStage<"KStream", K2, V2>(
    "KStream",
    { input: parent },
    { ...node, attach: ({ input }, task) => perRecord(input, task, node.operator, body) },
  );
