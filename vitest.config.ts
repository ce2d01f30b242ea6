import { defineConfig } from "vitest/config";

const source = "@millrace/source";
const conditions = [source, "module", "node", "development|production"];
const integration = "packages/*/src/**/*.int.test.ts";
const acceptance = "packages/acceptance/src/**/*.test.ts";

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  // Where the global setup runs.
  environments: { __vitest__: { resolve: { conditions } } },
  test: {
    // Processes and threads that tests start resolve to source too.
    execArgv: [`--conditions=${source}`],
    coverage: {
      provider: "v8",
      include: ["packages/*/src/**/*.ts"],
      reporter: ["text", "lcovonly"],
    },
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          // Properties and schedules compute for seconds, and machines are shared.
          testTimeout: 60_000,
          include: [
            "packages/*/src/**/*.test.ts",
            "packages/streams/test/simulation/**/*.test.ts",
            "examples/**/*.test.ts",
          ],
          exclude: [integration, acceptance],
        },
      },
      {
        extends: true,
        test: {
          name: "types",
          include: [],
          typecheck: {
            enabled: true,
            only: true,
            checker: "tsc",
            tsconfig: "./tsconfig.test.json",
            include: ["packages/*/src/**/*.test-d.ts"],
          },
        },
      },
      { extends: true, test: { name: "oracle", include: ["packages/streams/test/oracle/*.test.ts"] } },
      {
        extends: true,
        test: {
          name: "integration",
          include: [integration],
          globalSetup: ["packages/devstack/src/vitest-setup.ts"],
          testTimeout: 60_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
      {
        extends: true,
        test: {
          name: "e2e",
          include: [acceptance],
          globalSetup: ["packages/devstack/src/vitest-setup.ts"],
          testTimeout: 600_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
