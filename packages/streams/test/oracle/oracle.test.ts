import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { runVector } from "./run-vector.ts";
import { scenarios } from "./topologies/index.ts";
import { topologyNameOf } from "./vector.ts";

const folder = fileURLToPath(new URL("./vectors/", import.meta.url));
const files = readdirSync(folder).filter((file) => file.endsWith(".json"));
const isSupported = (file: string): boolean =>
  scenarios.has(topologyNameOf(file)) || /^(partition-|bytes-serdes|names-)/.test(file);

describe("as JVM Kafka Streams 4.4.0 does", () => {
  test.for(files.filter(isSupported))("%s", (file) => {
    const verdict = runVector(`${folder}${file}`);
    expect("differences" in verdict ? verdict.differences : []).toEqual([]);
    expect(verdict.outcome).toBe("passed");
  });
});

test("every topology is one that vectors exist for", () => {
  const known = new Set(files.map(topologyNameOf));
  expect([...scenarios.keys()].filter((name) => !known.has(name))).toEqual([]);
});
