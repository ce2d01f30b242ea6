import { hourlyBench, hourlyHelp } from "./hourly-bench.ts";
import { joinsBench, joinsHelp } from "./joins/joins-bench.ts";
import { latencyBench, latencyHelp } from "./latency/latency-bench.ts";
import { stateBench, stateHelp } from "./state/state-bench.ts";
import { surgeBench, surgeHelp } from "./surge/surge-bench.ts";

const help = `Usage: npm run bench -- [hourly|joins|latency|state|surge] [OPTION...]

  --json              one JSON object a line on standard output, nothing else there

${hourlyHelp}
${joinsHelp}
${latencyHelp}
${stateHelp}
${surgeHelp}`;

const workloads: Readonly<Record<string, (args: readonly string[]) => Promise<void>>> = {
  hourly: hourlyBench,
  joins: joinsBench,
  latency: latencyBench,
  state: stateBench,
  surge: surgeBench,
};

const [first = "hourly", ...rest] = process.argv.slice(2);
const named = !first.startsWith("-");
const workload = workloads[named ? first : "hourly"];
if (process.argv.includes("--help")) process.stdout.write(help);
else if (workload === undefined) {
  process.stderr.write(`"${first}" is no workload; there is ${Object.keys(workloads).join(", ")}\n`);
  process.exitCode = 1;
} else await workload(named ? rest : process.argv.slice(2));
