import type { Mutation } from "./mutation.ts";

/** Joins by a foreign key. */
export const joinMutations: readonly Mutation[] = [
  {
    name: "an answer to what a row was before passes for one to what it is",
    file: "operators/resolve-responses.ts",
    find: "if (!isOf(hash, row === undefined ? null : leftValue.serialize(row.value))) return;",
    replace: "",
    workload: "foreign-keys",
  },
];
