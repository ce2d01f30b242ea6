import { parseArgs } from "node:util";
import { runMany } from "./run-many.ts";
import { runSchedule } from "./run-schedule.ts";
import { workloadOf, workloads } from "./workloads.ts";

const usage = `Usage: npm run simulate -- [--schedules N] [--first SEED] [--workload NAME] [--jobs N] [--trace]

Runs N schedules of faults (100), from SEED on (1). What happened in the first that failed
is printed; with --trace, what happens in each, also where nothing is wrong.
--jobs: so many processes at a time (one for each processor).
`;

/** Traces are long: those of the first failures are printed, and how to see the others. */
const mostTraces = 3;

const { values } = parseArgs({
  options: {
    schedules: { type: "string", default: "100" },
    first: { type: "string", default: "1" },
    workload: { type: "string" },
    jobs: { type: "string" },
    trace: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});
const count = Number(values.schedules);
const first = Number(values.first);
const jobs = values.jobs === undefined ? undefined : Number(values.jobs);
const only = workloads.find(({ name }) => name === values.workload);
if (
  values.help ||
  !Number.isSafeInteger(count) ||
  !Number.isSafeInteger(first) ||
  (jobs !== undefined && !(Number.isSafeInteger(jobs) && jobs > 0)) ||
  (values.workload !== undefined && only === undefined)
) {
  process.stderr.write(`${usage}\nWorkloads: ${workloads.map(({ name }) => name).join(", ")}\n`);
  process.exit(values.help ? 0 : 2);
}

const print = (lines: readonly string[]): void => void process.stdout.write(`${lines.join("\n")}\n`);
const again = (seed: number): string =>
  `npm run simulate -- --schedules 1 --first ${seed}${only === undefined ? "" : ` --workload ${only.name}`}`;

const began = performance.now();
const { ran, excused, failures } = await runMany({
  first,
  count,
  ...(only !== undefined && { workload: only.name }),
  ...(jobs !== undefined && { jobs }),
  failed: ({ seed, workload, problems }) => {
    print([`FAILED  seed ${seed} (${workload})`, ...problems.map((line) => `        ${line}`)]);
  },
});
// The same seed, the same run: this time written down.
const shown = values.trace
  ? Array.from({ length: count }, (_, index) => first + index)
  : failures.slice(0, mostTraces).map(({ seed }) => seed);
for (const seed of shown) {
  const {
    trace,
    problems,
    excused: excuses,
    workload,
  } = await runSchedule({
    seed,
    workload: only ?? workloadOf(seed),
    traced: true,
  });
  print([
    "",
    `seed ${seed} (${workload}):`,
    ...trace.lines,
    ...problems.map((line) => `        ${line}`),
    ...excuses.map((line) => `        excused: ${line}`),
    "",
    `again: ${again(seed)}`,
  ]);
}
if (failures.length > shown.length)
  print([
    "",
    "traces of the others:",
    ...failures.filter(({ seed }) => !shown.includes(seed)).map(({ seed }) => again(seed)),
  ]);
print([`${(ran / ((performance.now() - began) / 1_000)).toFixed(1)} schedules a second`]);
const withExcuse = excused > 0 ? ` (in ${excused} something was excused)` : "";
print([`${ran - failures.length} passed${withExcuse}, ${failures.length} failed`]);
process.exitCode = failures.length === 0 ? 0 : 1;
