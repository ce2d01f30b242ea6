import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { murmur2, partitionForKey } from "./murmur2.ts";

interface Row {
  readonly hex: string;
  readonly murmur2: number;
  readonly partition: Readonly<Record<string, number>>;
}
const vector = JSON.parse(
  readFileSync(new URL("../../test/oracle/vectors/partition-keys.json", import.meta.url), "utf8"),
) as { readonly keys: readonly Row[] };

test("hashes and partitions every key as the JVM does", () => {
  expect(vector.keys.length).toBeGreaterThan(100);
  for (const row of vector.keys) {
    const bytes = Buffer.from(row.hex, "hex");
    expect(murmur2(bytes)).toBe(row.murmur2);
    for (const [count, partition] of Object.entries(row.partition))
      expect(partitionForKey(bytes, Number(count))).toBe(partition);
  }
});
