// Runs the transport's contract and an application on the oldest, an older and the newest Kafka, each on the JVM. Ends with
// "N passed, N failed". Arguments: versions to run on instead.
import { testedKafkas } from "@millrace/devstack";
import { runMatrix } from "./run-matrix.ts";

const asked = process.argv.slice(2);
runMatrix(
  "packages/acceptance/brokers.vitest.config.ts",
  (asked.length === 0 ? testedKafkas : asked).map((version) => ({
    name: `Kafka ${version}`,
    environment: { MILLRACE_KAFKA: version },
  })),
);
