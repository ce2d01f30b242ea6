import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { metricDefinitions } from "./metric-definitions.ts";

test("METRICS.md lists every metric as it is", () => {
  const page = readFileSync(new URL("../../../METRICS.md", import.meta.url), "utf8");
  const rows = page
    .split("\n")
    .filter((line) => line.startsWith("| `"))
    .map((line) =>
      line
        .split("|")
        .map((cell) => cell.trim())
        .slice(1, -1),
    );
  expect(rows).toEqual(
    metricDefinitions.map(({ name, kind, unit, tags, description, kafkaStreams }) => [
      `\`${name}\``,
      kind,
      unit ?? "",
      tags.join(", "),
      description,
      kafkaStreams ?? "",
    ]),
  );
});
