import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative, resolve } from "node:path";

const repository = "https://github.com/millrace/millrace/blob/main/";

/**
 * A copy of the repository's README whose links lead to the repository: where the reference is read there are no other files.
 * Pictures are found from where the copy is. Answers its path; it is deleted when the process ends.
 */
export const frontPage = (readme: string): string => {
  const folder = mkdtempSync(join(tmpdir(), "millrace-reference-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  const page = join(folder, "README.md");
  const text = readFileSync(readme, "utf8").replaceAll(
    /(!?\[[^\]]*\])\((?![a-z]+:|#)([^)\s]+)\)/g,
    (_link, shown: string, target: string) =>
      shown.startsWith("!")
        ? `${shown}(${relative(dirname(page), resolve(dirname(readme), target))})`
        : `${shown}(${repository}${target.replace(/^\.\//, "")})`,
  );
  writeFileSync(page, text);
  return page;
};
