import type { Mutation } from "./mutation.ts";
import { commitMutations } from "./commit-mutations.ts";
import { diskMutations } from "./disk-mutations.ts";
import { joinMutations } from "./join-mutations.ts";
import { outputMutations } from "./output-mutations.ts";
import { restoreMutations } from "./restore-mutations.ts";
import { standbyMutations } from "./standby-mutations.ts";
import { taskMutations } from "./task-mutations.ts";
import { voidMutations } from "./void-mutations.ts";

/** Each must be caught within a thousand schedules. */
export const mutations: readonly Mutation[] = [
  ...commitMutations,
  ...voidMutations,
  ...taskMutations,
  ...restoreMutations,
  ...standbyMutations,
  ...outputMutations,
  ...joinMutations,
  ...diskMutations,
];
