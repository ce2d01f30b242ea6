import type { Cogroup, CogroupedKStream, KGroupedStream, StageNode } from "../stages.ts";
import { operatorStage, passThrough } from "./operator-stage.ts";

/**
 * Aggregates the groups of several streams into one value, each with a function of its own (`KGroupedStream.cogroup`,
 * `CogroupedKStream.cogroup`): `cogroup(add)` begins with the groups that it is piped from, each
 * `cogroup(others, add)` after it adds others, and `aggregate({ store, value, init })` ends it, after a `windowedBy` if
 * you want windows. `add` takes (aggregate, value, key); returning null deletes the row.
 */
export const cogroup: {
  <K, V, A, R extends A | null = A>(
    add: (aggregate: A, value: V, key: K) => R,
  ): (stage: KGroupedStream<K, V>) => CogroupedKStream<K, A | Extract<R, null>>;
  <K, V, A, R extends NonNullable<A> | null>(
    others: KGroupedStream<K, V>,
    add: (aggregate: NoInfer<NonNullable<A>>, value: NoInfer<V>, key: NoInfer<K>) => R,
  ): (stage: CogroupedKStream<K, A>) => CogroupedKStream<K, A | Extract<R, null>>;
} =
  (...args: readonly [Cogroup["add"]] | readonly [{ readonly node: StageNode }, Cogroup["add"]]) =>
  ({ node }: { readonly node: StageNode }): CogroupedKStream<never, never> => {
    const [others, add] = args.length === 1 ? [undefined, args[0]] : args;
    const before = node.role.type === "grouping" ? (node.role.cogroups ?? []) : [];
    return operatorStage<"CogroupedKStream", never, never>(
      "CogroupedKStream",
      { input: node },
      {
        operator: "cogroup",
        role: {
          type: "grouping",
          repartition: undefined,
          windowing: undefined,
          cogroups: [...before, { grouped: others?.node ?? node, add }],
        },
        attach: passThrough,
      },
    );
  };
