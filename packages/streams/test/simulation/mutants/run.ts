import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import type { runMany as RunMany } from "../run-many.ts";
import { mutated } from "./mutated.ts";
import type { Mutation } from "./mutation.ts";
import { mutations } from "./mutations.ts";

const usage = `Usage: npm run mutants -- [--schedules N] [--only TEXT]

Puts each mutation into a copy of the runtime, one at a time, and runs up to N schedules (1000) on it until one fails.
--only: those whose names hold the text.
`;

const { values } = parseArgs({
  options: {
    schedules: { type: "string", default: "1000" },
    only: { type: "string", default: "" },
    help: { type: "boolean", default: false },
  },
});
const count = Number(values.schedules);
if (values.help || !Number.isSafeInteger(count)) {
  process.stderr.write(usage);
  process.exit(values.help ? 0 : 2);
}

const streams = fileURLToPath(new URL("../../../", import.meta.url));
const chosen = mutations.filter(({ name }) => name.includes(values.only));
// All texts first: a mutation that does not apply is no surviving one.
for (const mutation of chosen) mutated(join(streams, "src"), mutation);

const copy = mkdtempSync(join(tmpdir(), "millrace-mutants-"));
const say = (line: string): void => void process.stdout.write(`${line}\n`);
let caught = 0;
let survived = 0;
try {
  for (const part of ["src", "test/simulation", "package.json"])
    cpSync(join(streams, part), join(copy, part), { recursive: true });
  symlinkSync(join(streams, "node_modules"), join(copy, "node_modules"));
  const { runMany } = (await import(pathToFileURL(join(copy, "test/simulation/run-many.ts")).href)) as {
    readonly runMany: typeof RunMany;
  };
  for (const mutation of chosen) {
    const verdict = await tryOut(mutation, runMany);
    if (verdict === undefined) survived++;
    else caught++;
    say(
      `${verdict === undefined ? "SURVIVED" : "caught  "}  ${mutation.name}${verdict === undefined ? "" : `: ${verdict}`}`,
    );
  }
} finally {
  rmSync(copy, { recursive: true, force: true });
}
say(`${caught} caught, ${survived} survived`);
process.exitCode = survived === 0 ? 0 : 1;

/** How it was caught; undefined where it was not. */
async function tryOut(mutation: Mutation, runMany: typeof RunMany): Promise<string | undefined> {
  const file = join(copy, "src", mutation.file);
  const original = readFileSync(file, "utf8");
  const workload = mutation.workload === undefined ? {} : { workload: mutation.workload };
  // Of the copy: the code that it was made from may have gone on meanwhile.
  const changed = mutated(join(copy, "src"), mutation);
  writeFileSync(file, changed);
  try {
    // What fails without the mutation says nothing about it: the next seed, then.
    for (let first = 1, left = count; left > 0;) {
      const { ran, failures } = await runMany({ first, count: left, mostFailures: 1, ...workload });
      const [failure] = failures;
      if (failure === undefined) return undefined;
      writeFileSync(file, original);
      const { failures: without } = await runMany({ first: failure.seed, count: 1, ...workload });
      if (without.length === 0)
        return `seed ${failure.seed} (${failure.workload}), ${ran} schedules: ${failure.problems.find((line) => !line.startsWith("not caught up")) ?? failure.problems[0] ?? ""}`;
      say(`          seed ${failure.seed} (${failure.workload}) fails without "${mutation.name}", too`);
      writeFileSync(file, changed);
      left -= failure.seed - first + 1;
      first = failure.seed + 1;
    }
    return undefined;
  } finally {
    writeFileSync(file, original);
  }
}
