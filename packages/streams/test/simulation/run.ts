import { parseArgs } from "node:util";
import { runSchedule } from "./run-schedule.ts";
import { workloadOf, workloads } from "./workloads.ts";

const usage = `Usage: npm run simulate -- [--schedules N] [--first SEED] [--workload NAME] [--trace]

Runs N schedules of faults (100), from SEED on (1). --trace prints what happens in each, also where nothing is wrong.
`;

const { values } = parseArgs({
  options: {
    schedules: { type: "string", default: "100" },
    first: { type: "string", default: "1" },
    workload: { type: "string" },
    trace: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});
const count = Number(values.schedules);
const first = Number(values.first);
const only = workloads.find(({ name }) => name === values.workload);
if (
  values.help ||
  !Number.isSafeInteger(count) ||
  !Number.isSafeInteger(first) ||
  (values.workload !== undefined && only === undefined)
) {
  process.stderr.write(`${usage}\nWorkloads: ${workloads.map(({ name }) => name).join(", ")}\n`);
  process.exit(values.help ? 0 : 2);
}

let passed = 0;
let failed = 0;
const began = performance.now();
for (let seed = first; seed < first + count; seed++) {
  const workload = only ?? workloadOf(seed);
  const outcome = await runSchedule({ seed, workload, traced: values.trace });
  if (outcome.problems.length === 0) passed++;
  else failed++;
  if (outcome.problems.length === 0 && !values.trace) continue;
  // The same seed, the same run: this time written down.
  const { trace } = values.trace ? outcome : await runSchedule({ seed, workload, traced: true });
  process.stdout.write(`${trace.lines.join("\n")}\n\n`);
  if (outcome.problems.length > 0)
    process.stdout.write(
      `FAILED  seed ${seed} (${workload.name})\n${outcome.problems.map((line) => `        ${line}\n`).join("")}` +
        `        again: npm run simulate -- --schedules 1 --first ${seed}` +
        `${only === undefined ? "" : ` --workload ${workload.name}`}\n\n`,
    );
}
process.stdout.write(`${Math.round(count / ((performance.now() - began) / 1_000))} schedules a second\n`);
process.stdout.write(`${passed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 ? 0 : 1;
