import { readdirSync } from "node:fs";
import type { Workload } from "./workload.ts";

const folder = new URL("workloads/", import.meta.url);

/** All workloads: one for each file of the folder, in alphabetical order. */
export const workloads: readonly Workload[] = await Promise.all(
  readdirSync(folder)
    .filter((file) => file.endsWith(".ts"))
    .toSorted()
    .map(async (file) => {
      const module = (await import(new URL(file, folder).href)) as { readonly workload: Workload };
      return module.workload;
    }),
);

/** The workload that a seed runs, which of them is left to the seed. */
export const workloadOf = (seed: number): Workload => workloads[seed % workloads.length] as Workload;

/** The workload of that name; throws where there is none. */
export const workloadNamed = (name: string): Workload => {
  const workload = workloads.find((candidate) => candidate.name === name);
  if (workload === undefined)
    throw new Error(`there is no workload "${name}": ${workloads.map((one) => one.name).join(", ")}`);
  return workload;
};
