// Runs what writes to MongoDB on each kind of it that is to be had from registries of packages: with transactions, without,
// and one that knows neither sessions nor pipelines. Ends with "N passed, N failed". Arguments: kinds to run on instead.
import { runMatrix } from "./run-matrix.ts";

const kinds = new Map([
  ["python", "SecantusDB, a replica set"],
  ["python-standalone", "SecantusDB, standalone"],
  ["jvm", "mongo-java-server"],
]);

const asked = process.argv.slice(2);
const unknown = asked.filter((kind) => !kinds.has(kind));
if (unknown.length > 0)
  throw new Error(`there is no MongoDB called ${unknown.join()}; there are ${[...kinds.keys()].join(", ")}`);
runMatrix(
  "packages/acceptance/databases.vitest.config.ts",
  [...kinds]
    .filter(([kind]) => asked.length === 0 || asked.includes(kind))
    .map(([kind, name]) => ({ name, environment: { MILLRACE_DEVSTACK_MONGO: kind } })),
);
