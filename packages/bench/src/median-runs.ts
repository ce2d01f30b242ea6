import type { Measurement } from "./measurement.ts";
import { median } from "./median.ts";

/** Runs the engines one after the other, `repeat` rounds of them, and answers the median run of each. */
export const medianRuns = async <Engine>(
  engines: ReadonlyMap<string, Engine>,
  repeat: number,
  run: (name: string, engine: Engine, round: number) => Promise<Measurement>,
): Promise<ReadonlyMap<string, Measurement>> => {
  const runs = new Map<string, Measurement[]>([...engines.keys()].map((name) => [name, []]));
  for (let round = 1; round <= repeat; round++)
    for (const [name, engine] of engines) runs.get(name)?.push(await run(name, engine, round));
  return new Map([...runs].map(([name, all]) => [name, median(all)]));
};
