import { fileURLToPath } from "node:url";
import type { Engine } from "./engine.ts";
import { measuredUntil } from "./measured-until.ts";

/**
 * A program of this package, `src/NAME.ts`, on Node.js; compiled, as applications have it. Its argument is the job.
 * `nodeOptions` go to the process, `--cpu-prof` for one.
 */
export const nodeEngine = <Job>(name: string, nodeOptions: readonly string[]): Engine<Job> => {
  const main = fileURLToPath(new URL(`./${name}.js`, import.meta.url));
  return (job, until) => measuredUntil(process.execPath, [...nodeOptions, main, JSON.stringify(job)], until);
};
