// npm run fuzz -- --minutes N [--seed S] [--target NAME]
import { parseArgs } from "node:util";
import { fuzz } from "./fuzz.ts";
import { targets } from "./targets.ts";

const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "1" },
    seed: { type: "string", default: String(Date.now() % 2 ** 31) },
    target: { type: "string" },
  },
});
const minutes = Number(values.minutes);
const firstSeed = Number(values.seed);
const chosen = targets.filter(({ name }) => values.target === undefined || values.target === name);
if (!(minutes > 0) || !Number.isSafeInteger(firstSeed) || chosen.length === 0) {
  process.stderr.write(
    `Usage: npm run fuzz -- --minutes N [--seed S] [--target NAME]\n\nTargets: ${targets.map(({ name }) => name).join(", ")}\n`,
  );
  process.exit(2);
}
const end = performance.now() + minutes * 60_000;
/** Each target gets its turn again and again, with other seeds. */
const turnMs = Math.min(10_000, (minutes * 60_000) / chosen.length);
const inputs = new Map(chosen.map(({ name }) => [name, 0]));
const failed = new Set<string>();
for (let seed = firstSeed; performance.now() < end && failed.size < chosen.length; seed++)
  for (const target of chosen) {
    const left = end - performance.now();
    if (left <= 0 || failed.has(target.name)) continue;
    const result = await fuzz(target, seed, Math.min(turnMs, left));
    inputs.set(target.name, (inputs.get(target.name) ?? 0) + result.inputs);
    if (result.failure !== undefined) {
      failed.add(target.name);
      process.stdout.write(`FAILED  ${result.failure}\n`);
    }
  }
for (const { name } of chosen)
  process.stdout.write(`${failed.has(name) ? "FAILED" : "passed"}  ${name}: ${inputs.get(name)} inputs\n`);
process.stdout.write(`\n${chosen.length - failed.size} passed, ${failed.size} failed\n`);
process.exitCode = failed.size > 0 ? 1 : 0;
