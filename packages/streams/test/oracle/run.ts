import { readdirSync } from "node:fs";
import { join } from "node:path";
import { runVector } from "./run-vector.ts";

const folder = process.argv[2];
if (folder === undefined) {
  process.stderr.write("Usage: npm run oracle -- FOLDER\n\nRuns every vector (*.json) of a folder.\n");
  process.exit(2);
}

const files = readdirSync(folder)
  .filter((file) => file.endsWith(".json"))
  .toSorted();
const unsupported: string[] = [];
let passed = 0;
let failed = 0;
for (const file of files) {
  const verdict = runVector(join(folder, file));
  if (verdict.outcome === "unsupported") unsupported.push(file);
  else if (verdict.outcome === "passed") {
    passed++;
    process.stdout.write(`passed  ${file}${verdict.note === undefined ? "" : ` (${verdict.note})`}\n`);
  } else {
    failed++;
    process.stdout.write(
      `FAILED  ${file}\n${verdict.differences.map((line) => `          ${line}\n`).join("")}`,
    );
  }
}
if (unsupported.length > 0)
  process.stdout.write(`\nNot supported yet:\n${unsupported.map((file) => `        ${file}\n`).join("")}`);
process.stdout.write(`\n${passed} passed, ${failed} failed, ${unsupported.length} not supported yet\n`);
// A folder without vectors is a wrong folder.
process.exitCode = failed > 0 || files.length === 0 ? 1 : 0;
