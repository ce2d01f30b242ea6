import { test } from "vitest";
import { openStore } from "../../state/open-store.ts";
import { storeContract } from "../store-contract.ts";

storeContract(
  "memory stores",
  () =>
    Promise.resolve({
      open: openStore,
      persistent: false,
      settled: () => Promise.resolve(),
      wipe: () => Promise.resolve(),
      close: () => Promise.resolve(),
    }),
  // oxlint-disable-next-line vitest/valid-title, vitest/expect-expect -- the contract names its tests and asserts
  (name, body) => test(name, { timeout: 60_000 }, body),
  { histories: 30 },
);
