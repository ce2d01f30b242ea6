// Faults on three real brokers under load, round after round, until the time is over. Ends with "N passed, N failed".
import { parseArgs } from "node:util";
import { VirtualClock } from "@millrace/streams/testing";
import { type Fault, faults } from "./faults.ts";
import { runChaos } from "./run-chaos.ts";

const usage = `Usage: npm run chaos -- [--minutes N] [--seed SEED]

Runs an application of three processes on three brokers (KRaft, on the JVM) under load, and lets faults happen in rounds of
all kinds, in an order that the seed decides, until N minutes (10) are over; the round that is under way is finished.
`;

const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "10" },
    seed: { type: "string", default: `${Date.now() % 1_000_000}` },
    help: { type: "boolean", default: false },
  },
});
const minutes = Number(values.minutes);
const seed = Number(values.seed);
if (values.help || !(minutes > 0) || !Number.isSafeInteger(seed)) {
  process.stderr.write(usage);
  process.exit(values.help ? 0 : 2);
}

const began = Date.now();
const say = (line: string): void =>
  void process.stdout.write(`${((Date.now() - began) / 1_000).toFixed(0).padStart(5)} s  ${line}\n`);
const chance = new VirtualClock({ seed });
const random = (): number => chance.random();
const shuffled = (): readonly Fault[] =>
  faults
    .map((fault) => ({ fault, at: random() }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ fault }) => fault);
say(`seed ${seed}`);
let until: number | undefined;
const verdicts = await runChaos({
  random,
  say,
  nextRound: () => {
    until ??= Date.now() + minutes * 60_000;
    return Date.now() < until ? shuffled() : undefined;
  },
});
for (const { what, wrong } of verdicts) {
  console.log(`${wrong.length === 0 ? "passed" : "FAILED"}  ${what}`);
  for (const line of wrong) console.log(`        ${line}`);
}
const failed = verdicts.filter(({ wrong }) => wrong.length > 0).length;
console.log(`${verdicts.length - failed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
