import type { ErasedSerde } from "../serde.ts";
import { type Attach, Stage, type StageKind, type StageNode } from "../stages.ts";
import type { StoreDefinition } from "../state/store-definition.ts";

interface OperatorNode {
  readonly operator: string;
  readonly attach: Attach;
  /** What the operator does to the serdes: kept from the (first) parent unless given, `undefined` when unknown. */
  readonly key?: ErasedSerde | undefined;
  readonly value?: ErasedSerde | undefined;
  readonly rekeyed?: boolean;
  readonly stores?: readonly StoreDefinition[];
}

/** A stage whose node neither reads nor writes topics. */
export const operatorStage = <Kind extends StageKind, K, V>(
  kind: Kind,
  parents: readonly StageNode[],
  node: OperatorNode,
): Stage<Kind, K, V> => {
  const first = parents[0];
  return new Stage<Kind, K, V>({
    operator: node.operator,
    kind,
    role: { type: "operator" },
    parents,
    key: "key" in node ? node.key : first?.key,
    value: "value" in node ? node.value : first?.value,
    rekeyed: node.rekeyed ?? parents.some((parent) => parent.rekeyed),
    stores: node.stores ?? [],
    attach: node.attach,
  });
};

/** Hands the records of the only parent through: for stages that change only what the types know. */
export const passThrough: Attach = ([input]) => {
  if (input === undefined) throw new Error("a stage without parents can't pass records through");
  return input;
};
