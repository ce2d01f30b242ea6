import { defineConfig } from "vitest/config";

const source = "@millrace/source";
const conditions = [source, "module", "node", "development|production"];

/** What must hold on every kind of MongoDB: effects and their marks, and the venue's pipelines through a day and outages. */
export default defineConfig({
  root: new URL("../..", import.meta.url).pathname,
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  environments: { __vitest__: { resolve: { conditions } } },
  test: {
    execArgv: [`--conditions=${source}`],
    include: [
      "packages/mongo/src/**/*.int.test.ts",
      "packages/surge/src/**/*.int.test.ts",
      "packages/acceptance/src/demand-and-mongo.test.ts",
      "packages/acceptance/src/surge-drafts.test.ts",
      "packages/acceptance/src/venue-day.test.ts",
      "packages/acceptance/src/venue-outages/*.test.ts",
    ],
    globalSetup: ["packages/devstack/src/vitest-setup.ts"],
    testTimeout: 600_000,
    hookTimeout: 120_000,
    fileParallelism: false,
  },
});
