import type { RecordFlow } from "../runtime/task/record-flow.ts";
import type { TaskContext } from "../runtime/task/task-context.ts";
import type { ErasedSerde } from "../serde.ts";
import { type Attach, Stage, type StageKind, type StageNode } from "../stages.ts";
import type { StoreDefinition } from "../state/store-definition.ts";
import type { ViewTable } from "../table-view.ts";

/** How an operator with one input is hooked into a task. */
export type AttachOne = OperatorNode<"input">["attach"];

interface OperatorNode<Label extends string> {
  readonly operator: string;
  readonly name?: string | undefined;
  readonly role?: StageNode["role"];
  readonly attach: (inputs: { readonly [Input in Label]: RecordFlow }, task: TaskContext) => RecordFlow;
  /** What the operator does to the serdes: kept from the first input unless given, `undefined` when unknown. */
  readonly key?: ErasedSerde | undefined;
  readonly value?: ErasedSerde | undefined;
  readonly rekeyed?: boolean;
  readonly stores?: readonly StoreDefinition[];
  readonly materialized?: StoreDefinition | undefined;
  readonly view?: ViewTable<never, unknown> | undefined;
  readonly initial?: (() => unknown) | undefined;
  readonly closesAfter?: number | undefined;
  readonly flow?: StageNode["flow"];
}

let created = 0;

/** A stage whose node neither reads nor writes topics. */
export const operatorStage = <Kind extends StageKind, K, V, Label extends string = "input">(
  kind: Kind,
  inputs: { readonly [Input in Label]: StageNode },
  node: OperatorNode<Label>,
): Stage<Kind, K, V> => {
  const parents = Object.values<StageNode>(inputs);
  const first = parents[0];
  return new Stage<Kind, K, V>({
    created: created++,
    operator: node.operator,
    name: node.name,
    kind,
    role: node.role ?? { type: "operator" },
    inputs,
    parents,
    key: "key" in node ? node.key : first?.key,
    value: "value" in node ? node.value : first?.value,
    rekeyed: node.rekeyed ?? parents.some((parent) => parent.rekeyed),
    stores: node.stores ?? [],
    materialized: node.materialized,
    view: node.view,
    initial: node.initial,
    closesAfter: node.closesAfter,
    flow: node.flow,
    attach: node.attach as Attach,
  });
};

/** Hands the records of the only input through: for stages that change only what the types know. */
export const passThrough = ({ input }: { readonly input: RecordFlow }): RecordFlow => input;
