import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Mutation } from "./mutation.ts";

/** The file with the mutation in it. Throws where its text is not there exactly once: the mutation has to follow the code. */
export const mutated = (source: string, { name, file, find, replace }: Mutation): string => {
  const text = readFileSync(join(source, file), "utf8");
  const parts = text.split(find);
  if (parts.length !== 2)
    throw new Error(
      `the mutation "${name}" looks for a text that is ${parts.length === 1 ? "not" : `${parts.length - 1} times`} in ${file}:\n${find}`,
    );
  return parts.join(replace);
};
