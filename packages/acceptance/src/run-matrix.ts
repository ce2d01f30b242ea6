import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** The same tests once more, on something else. */
export interface MatrixRun {
  /** What they run on, for a person. */
  readonly name: string;
  /** What makes them run on it. */
  readonly environment: Readonly<Record<string, string>>;
}

interface Counts {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
}

/**
 * Runs the tests of a vitest config on each, one after the other, and says how long it took. Ends with "N passed, N
 * failed"; the process's exit code is 1 where a test failed.
 */
export const runMatrix = (config: string, runs: readonly MatrixRun[]): void => {
  const folder = mkdtempSync(join(tmpdir(), "millrace-matrix-"));
  let passed = 0;
  let failed = 0;
  const lines: string[] = [];
  for (const [index, run] of runs.entries()) {
    const began = performance.now();
    const counts = runOn(config, run, join(folder, `${index}.json`));
    passed += counts.numPassedTests;
    failed += counts.numFailedTests;
    const seconds = Math.round((performance.now() - began) / 1_000);
    lines.push(
      `${run.name}: ${counts.numPassedTests} passed, ${counts.numFailedTests} failed, in ${seconds} s`,
    );
    console.log(lines.at(-1));
  }
  rmSync(folder, { recursive: true });
  console.log(`\n${lines.join("\n")}\n${passed} passed, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
};

/** A run that does not get as far as a report is a failure, too. */
const runOn = (config: string, { environment }: MatrixRun, report: string): Counts => {
  const { status } = spawnSync(
    "vitest",
    ["run", "--config", config, "--reporter=default", "--reporter=json", `--outputFile.json=${report}`],
    { stdio: "inherit", env: { ...process.env, ...environment } },
  );
  try {
    const { numPassedTests, numFailedTests } = JSON.parse(readFileSync(report, "utf8")) as Counts;
    return { numPassedTests, numFailedTests: status === 0 ? numFailedTests : Math.max(1, numFailedTests) };
  } catch {
    return { numPassedTests: 0, numFailedTests: 1 };
  }
};
