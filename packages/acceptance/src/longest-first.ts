import { basename } from "node:path";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** The longest of each group, the longest first: begun last, they would go on alone. */
const longest = [
  "lmdb-state.test.ts",
  "kafka-faults.test.ts",
  "serve-counts.test.ts",
  "shapes-on-lmdb.test.ts",
  "run-service.test.ts",
  "fuzz.test.ts",

  "surge-killed.test.ts",
  "interchange.test.ts",
  "chaos.test.ts",
  "mongo-away.test.ts",
  "exactly-once.int.test.ts",
  "venue-day.test.ts",
  "both-in-one-process.test.ts",
  "kafka-cluster.int.test.ts",
  "mongo.int.test.ts",
  "demand-state-directory.test.ts",
  "demand-survives-kill.test.ts",
  "booking-publisher.int.test.ts",
  "packed-packages.test.ts",
  "kafka-transport.int.test.ts",
  "take-over.int.test.ts",
  "console.test.ts",
  "venue-secure.test.ts",
];

/** Vitest's order, by group, size and earlier runs, with the longest files of each group before the others. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    // oxlint-disable-next-line unicorn/no-array-sort -- it is no array
    const sorted = await super.sort(files);
    return sorted.toSorted((a, b) => rank(a) - rank(b));
  }
}

const rank = ({ moduleId, project }: TestSpecification): number => {
  const at = longest.indexOf(basename(moduleId));
  return project.config.sequence.groupOrder * (longest.length + 1) + (at < 0 ? longest.length : at);
};
