import { test } from "vitest";
import type { ByteStore } from "../../state/byte-store.ts";
import { openStore } from "../../state/open-store.ts";
import { MemoryByteStore } from "../memory-byte-store.ts";
import { storeContract } from "../store-contract.ts";

/** Room for a few rows only: whatever can be evicted is. */
const cacheBytes = 500;

storeContract(
  "stores above bytes",
  () => {
    const kept = new Map<string, ByteStore>();
    return Promise.resolve({
      open: (definition, hooks) => {
        let bytes = kept.get(definition.name);
        if (bytes === undefined) kept.set(definition.name, (bytes = new MemoryByteStore()));
        return openStore(definition, { ...hooks, bytes, cacheBytes });
      },
      persistent: true,
      settled: () => Promise.resolve(),
      wipe: () => {
        kept.clear();
        return Promise.resolve();
      },
      close: () => Promise.resolve(),
    });
  },
  // oxlint-disable-next-line vitest/valid-title, vitest/expect-expect -- the contract names its tests and asserts
  (name, body) => test(name, { timeout: 60_000 }, body),
  { histories: 30 },
);
