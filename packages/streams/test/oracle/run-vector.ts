import { readFileSync } from "node:fs";
import { type EncodingVector, type PartitionVector, runEncodings, runPartitions } from "./run-encodings.ts";
import { type NamesVector, runNames } from "./run-names.ts";
import { runTopology } from "./run-topology.ts";
import { scenarios } from "./topologies/index.ts";
import { topologyNameOf, type Vector } from "./vector.ts";

/** What came of one vector. */
export type Verdict =
  /** `note`: what of it was not compared, and why. */
  | { readonly outcome: "passed"; readonly note?: string }
  | { readonly outcome: "failed"; readonly differences: readonly string[] }
  | { readonly outcome: "unsupported"; readonly what: string };

/** Runs the vector in a file, by its name: everything else is taken from the file. */
export const runVector = (file: string): Verdict => {
  const content: unknown = JSON.parse(readFileSync(file, "utf8"));
  const { name } = content as { readonly name: string };
  const topology = topologyNameOf(name);
  const scenario = scenarios.get(topology);
  if (scenario !== undefined) return verdict(runTopology(content as Vector, scenario), scenario.beyond);
  if (topology.startsWith("partition-"))
    return verdict(runPartitions(content as PartitionVector).differences);
  if (topology.startsWith("bytes-serdes")) {
    const { differences, unsupported } = runEncodings(content as EncodingVector);
    return verdict(differences, unsupported.length === 0 ? undefined : `without ${unsupported.join(", ")}`);
  }
  if (topology.startsWith("names-")) {
    const { differences, unsupported } = runNames(content as NamesVector);
    return verdict(differences, unsupported.length === 0 ? undefined : `without ${unsupported.join(", ")}`);
  }
  return { outcome: "unsupported", what: topology };
};

const verdict = (differences: readonly string[], note?: string): Verdict =>
  differences.length > 0
    ? { outcome: "failed", differences }
    : { outcome: "passed", ...(note !== undefined && { note }) };
