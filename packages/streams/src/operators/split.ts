import type { AnyRecord, KStream, StageNode } from "../stages.ts";
import { erased } from "../serde.ts";
import { operatorStage } from "./operator-stage.ts";
import { perRecord } from "./per-record.ts";

type Predicates<K, V> = Readonly<Record<string, (value: V, key: K) => boolean>>;

/**
 * Sends each record to the first branch whose predicate accepts it (`KStream.split().branch(..)`); a record that none
 * accepts goes no further, see `otherwise`.
 */
export const split =
  <K, V, P extends Predicates<K, V>>(
    branches: P & Predicates<K, V>,
  ): ((stage: KStream<K, V>) => { readonly [Branch in keyof P]: KStream<K, V> }) =>
  ({ node }) => {
    const names: readonly (keyof P)[] = Object.keys(branches);
    const predicates = Object.values(branches);
    const chooser = operatorStage<"KStream", K, V>("KStream", [node], {
      operator: "split",
      attach: ([input], task) => {
        if (input === undefined) throw new Error("split has no input");
        return input.pipe(
          perRecord<K, V, unknown, Chosen>(task, "split", (record, forward) => {
            const branch = predicates.findIndex((predicate) => predicate(record.value, record.key));
            if (branch >= 0) forward({ ...record, value: { branch, record } });
          }),
        );
      },
    });
    return Object.fromEntries(
      names.map((name, index) => [name, branchOf<K, V>(chooser.node, String(name), index)]),
    ) as { [Branch in keyof P]: KStream<K, V> };
  };

/** The last predicate of a `split`: accepts what no other did (`defaultBranch`). */
export const otherwise = (): boolean => true;

interface Chosen {
  readonly branch: number;
  readonly record: AnyRecord;
}

const branchOf = <K, V>(chooser: StageNode, name: string, index: number): KStream<K, V> =>
  operatorStage<"KStream", K, V>("KStream", [chooser], {
    operator: `branch ${name}`,
    key: erased(chooser.key),
    value: erased(chooser.value),
    attach: ([input], task) => {
      if (input === undefined) throw new Error("a branch has no split");
      return input.pipe(
        perRecord<unknown, Chosen, unknown, unknown>(task, name, ({ value }, forward) => {
          if (value.branch === index) forward(value.record);
        }),
      );
    },
  });
