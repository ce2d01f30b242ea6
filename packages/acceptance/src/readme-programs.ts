import { readFileSync } from "node:fs";

/** The programs of a README: blocks of TypeScript that import what they use. */
export const readmePrograms = (path: string): readonly string[] =>
  [...readFileSync(path, "utf8").matchAll(/^```ts\n(.*?)^```$/gms)]
    .map(([, program = ""]) => program)
    .filter((program) => program.startsWith("import "));

/** The files that a page has its reader make: a block of code after a line that begins with the file's name. */
export const pageFiles = (path: string): ReadonlyMap<string, string> =>
  new Map(
    [
      ...readFileSync(path, "utf8").matchAll(
        /`([\w.-]+\.(?:ts|json))`[^\n]*\n\n```(?:ts|json)\n(.*?)^```$/gms,
      ),
    ].map(([, name = "", text = ""]) => [name, text]),
  );
