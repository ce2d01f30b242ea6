import { defineConfig } from "vitest/config";

const source = "@millrace/source";

/** What must hold on every version of Kafka that Millrace speaks to: the transport's contract, and an application. */
export default defineConfig({
  root: new URL("../..", import.meta.url).pathname,
  ssr: { resolve: { conditions: [source, "module", "node", "development|production"] } },
  test: {
    execArgv: [`--conditions=${source}`],
    include: [
      "packages/streams/src/transport/**/*.int.test.ts",
      "packages/streams/src/runtime/app/app.int.test.ts",
    ],
    globalSetup: ["packages/devstack/src/vitest-kafka-setup.ts"],
    testTimeout: 90_000,
    hookTimeout: 120_000,
    fileParallelism: false,
  },
});
