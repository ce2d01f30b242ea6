import { expect, vi } from "vitest";

/** ms. A test of one package talks to components for seconds; those of the binaries wait for outages and closing hours. */
const ofOnePackage = 60_000;

// Files share processes: what one is given is not the next one's.
// oxlint-disable-next-line vitest/no-standalone-expect -- it is asked which file this is
if (expect.getState().testPath?.endsWith(".int.test.ts") === true)
  vi.setConfig({ testTimeout: ofOnePackage });
else vi.resetConfig();
