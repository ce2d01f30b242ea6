import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";
import { LongestFirst } from "./packages/acceptance/src/longest-first.ts";

const source = "@millrace/source";
const conditions = [source, "module", "node", "development|production"];
const integration = "packages/*/src/**/*.int.test.ts";
const acceptance = "packages/acceptance/src/**/*.test.ts";
/** What is tested there is how much is done in a time, or how much of a processor's time something takes. */
const measured = [
  "packages/streams/test/simulation/simulation.test.ts",
  "packages/streams/src/testing/store-contract/store-slices.test.ts",
  "packages/lmdb/src/large-commit.test.ts",
];

/**
 * Files that start nothing of their own: these come first. Some wait for a clock or a server, so that two for each
 * processor keep all of them busy. They share a process, and what it has loaded: a process for each took longer than the
 * tests in it.
 */
const computing = {
  sequence: { groupOrder: 0 },
  maxWorkers: 2 * availableParallelism(),
  isolate: false,
};
/** One file at a time, with nothing beside it; the simulation's schedules run on all processors by themselves. */
const alone = { sequence: { groupOrder: 1 }, maxWorkers: 1 };
/** What has components of its own waits most of the time, for sessions, outages and closing hours: several at once. */
const waiting = { sequence: { groupOrder: 2 }, maxWorkers: 4, isolate: false };

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  // Where the global setup runs.
  environments: { __vitest__: { resolve: { conditions } } },
  test: {
    // What is polled for comes within milliseconds, but on machines that are shared: too late is what never comes.
    expect: { poll: { timeout: 30_000 } },
    sequence: { sequencer: LongestFirst },
    // What a test puts in another's place goes with it: files share processes.
    restoreMocks: true,
    unstubEnvs: true,
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
          ...computing,
          name: "unit",
          // Properties and schedules compute for seconds, and machines are shared.
          testTimeout: 60_000,
          include: [
            "packages/*/src/**/*.test.ts",
            "packages/streams/test/simulation/**/*.test.ts",
            "examples/**/*.test.ts",
          ],
          exclude: [integration, acceptance, ...measured],
        },
      },
      {
        extends: true,
        test: {
          ...alone,
          name: "measured",
          testTimeout: 60_000,
          include: measured,
          // Any turn may be the one in which the collector stops the world for long: what is slow thrice is slow.
          retry: 2,
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
      {
        extends: true,
        test: {
          ...computing,
          name: "oracle",
          testTimeout: 60_000,
          include: ["packages/streams/test/oracle/*.test.ts"],
        },
      },
      {
        extends: true,
        test: {
          ...waiting,
          name: "real",
          include: [integration, acceptance],
          globalSetup: ["packages/devstack/src/vitest-setup.ts"],
          setupFiles: ["packages/devstack/src/vitest-deadlines.ts"],
          testTimeout: 600_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
