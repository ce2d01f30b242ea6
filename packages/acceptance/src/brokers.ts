// Runs the transport's contract and an application on the oldest, an older and the newest Kafka, each on the JVM. Ends with
// "N passed, N failed". Arguments: versions to run on instead.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { testedKafkas } from "@millrace/devstack";

interface Counts {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
}

const folder = mkdtempSync(join(tmpdir(), "millrace-brokers-"));

/** A run that does not get as far as a report is a failure, too. */
const runOn = (version: string): Counts => {
  const report = join(folder, `${version}.json`);
  const { status } = spawnSync(
    "vitest",
    [
      "run",
      "--config",
      "packages/acceptance/brokers.vitest.config.ts",
      "--reporter=default",
      "--reporter=json",
      `--outputFile.json=${report}`,
    ],
    { stdio: "inherit", env: { ...process.env, MILLRACE_KAFKA: version } },
  );
  try {
    const { numPassedTests, numFailedTests } = JSON.parse(readFileSync(report, "utf8")) as Counts;
    return { numPassedTests, numFailedTests: status === 0 ? numFailedTests : Math.max(1, numFailedTests) };
  } catch {
    return { numPassedTests: 0, numFailedTests: 1 };
  }
};

const asked = process.argv.slice(2);
let passed = 0;
let failed = 0;
for (const version of asked.length === 0 ? testedKafkas : asked) {
  const { numPassedTests, numFailedTests } = runOn(version);
  console.log(`Kafka ${version}: ${numPassedTests} passed, ${numFailedTests} failed`);
  passed += numPassedTests;
  failed += numFailedTests;
}
rmSync(folder, { recursive: true });
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
