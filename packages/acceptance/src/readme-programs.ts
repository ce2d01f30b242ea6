import { readFileSync } from "node:fs";

/** The programs of a README: blocks of TypeScript that import what they use. */
export const readmePrograms = (path: string): readonly string[] =>
  [...readFileSync(path, "utf8").matchAll(/^```ts\n(.*?)^```$/gms)]
    .map(([, program = ""]) => program)
    .filter((program) => program.startsWith("import "));
