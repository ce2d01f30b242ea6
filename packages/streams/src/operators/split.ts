import type { AnyRecord, KStream, StageNode } from "../stages.ts";
import type { Guarded } from "./guarded.ts";
import type { Named } from "./named.ts";
import type { OfRecord } from "./of-record.ts";
import { operatorStage } from "./operator-stage.ts";
import { perRecord } from "./per-record.ts";
import { checkSynchronous } from "../synchronous.ts";

type Predicates<K, V> = Readonly<Record<string, OfRecord<K, V, boolean>>>;

/** The streams of the branches, by name; a branch whose predicate is a type guard has what that says. */
type Branches<P, K, V> = { readonly [Branch in keyof P]: KStream<K, Guarded<P[Branch], K, V>> };

/**
 * Sends each record to the first branch whose predicate, of (value, key, record), accepts it (`KStream.split().branch(..)`); a
 * record that none accepts goes no further, see `otherwise`. Type guards narrow their branches.
 */
export const split =
  <K, V, P extends Predicates<K, V>>(
    branches: P & Predicates<K, V>,
    { name }: Named = {},
  ): ((stage: KStream<K, V>) => Branches<P, K, V>) =>
  ({ node }) => {
    const predicates = Object.values<OfRecord<K, V, boolean>>(branches);
    const chooser = operatorStage<"KStream", K, V>(
      "KStream",
      { input: node },
      {
        operator: "split",
        role: { type: "split", branches: predicates.length },
        name,
        attach: ({ input }, task) =>
          perRecord<K, V, unknown, Chosen>(input, task, "split", (record, forward) => {
            const branch = predicates.findIndex((predicate) => {
              const accepts = predicate(record.value, record.key, record);
              checkSynchronous(accepts);
              return accepts;
            });
            if (branch >= 0) forward({ ...record, value: { branch, record } });
          }),
      },
    );
    return Object.fromEntries(
      Object.keys(branches).map((branch, index) => [
        branch,
        branchOf<K, V>(chooser.node, branch, index, predicates[index] === otherwise),
      ]),
    ) as Branches<P, K, V>;
  };

/** The last predicate of a `split`: accepts what no other did (`defaultBranch`). */
export const otherwise = (): boolean => true;

interface Chosen {
  readonly branch: number;
  readonly record: AnyRecord;
}

const branchOf = <K, V>(chooser: StageNode, name: string, index: number, isRest: boolean): KStream<K, V> =>
  operatorStage<"KStream", K, V>(
    "KStream",
    { input: chooser },
    {
      operator: "branch",
      name: chooser.name === undefined ? undefined : `${chooser.name}${name}`,
      role: { type: "branch", index: isRest ? 0 : index + 1 },
      attach: ({ input }, task) =>
        perRecord<unknown, Chosen, unknown, unknown>(input, task, name, ({ value }, forward) => {
          if (value.branch === index) forward(value.record);
        }),
    },
  );
