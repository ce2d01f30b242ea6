import type { Mutation } from "./mutation.ts";

/** Each must be caught within a thousand schedules. */
export const mutations: readonly Mutation[] = [
  {
    name: "a windowed count forgets the record that opens a window",
    file: "operators/count.ts",
    find: "(current ?? 0) + 1",
    replace: "current === undefined ? 0 : current + 1",
    workload: "windowed-count",
  },
];
