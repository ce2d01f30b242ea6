// Writes ../vectors/jvm.jsonl: pairs of schemas and bytes, each with what Avro's Java library makes of them. Needs a JDK 17
// or newer and Maven.
import { execFileSync } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import fc from "fast-check";
import { compileWriter } from "../../src/codec/compile-writer.ts";
import { parseSchema } from "../../src/schema/parse-schema.ts";
import type { SchemaNode } from "../../src/schema/schema-node.ts";
import { chosenPairs } from "./chosen-pairs.ts";
import { pickFrom } from "./pick-from.ts";
import { schemaPairs } from "./schema-pairs.ts";
import { valuesOf } from "./values-of.ts";

const seed = Number(process.argv[2] ?? 20_261_126);
const count = Number(process.argv[3] ?? 800);
const pick = pickFrom(seed);
const form = { longs: "bigint", decimals: "bytes", wrapAll: true } as const;

/** As it was written, cut off, and with other bytes in it. */
const spoiled = (bytes: Buffer): readonly Buffer[] => {
  const numbers = [...bytes.keys()];
  if (numbers.length === 0) return [bytes, Buffer.of(pick([0, 2, 128]))];
  const changed = Buffer.from(bytes);
  changed[pick(numbers)] = pick([0, 1, 2, 3, 4, 127, 128, 254, 255]);
  const first = Buffer.from(bytes);
  first[0] = pick([0, 1, 2, 3, 4, 6, 127, 255]);
  return [bytes, bytes.subarray(0, pick(numbers)), changed, first, Buffer.concat([bytes, Buffer.of(0)])];
};

/** Any number that depends on the schema only. */
const seedOf = (schema: string): number => seed + crc32(schema);

const bytesFor = (writer: string): readonly string[] => {
  let node: SchemaNode;
  try {
    node = parseSchema(writer, { strict: false });
  } catch {
    // No schema, which is what this pair is about.
    return ["", "00"];
  }
  const write = compileWriter(node, form);
  const values = fc.sample(valuesOf(node), { numRuns: 5, seed: seedOf(writer) });
  const all = values.flatMap((value, i) => (i < 3 ? [write(value, 0)] : spoiled(write(value, 0))));
  return [...new Set(all.map((bytes) => bytes.toString("hex")))];
};

const pairs = [...chosenPairs, ...fc.sample(schemaPairs, { numRuns: count, seed })].map((pair) => {
  const writer = JSON.stringify(pair.writer);
  return { writer, reader: JSON.stringify(pair.reader), bytes: bytesFor(writer) };
});
const folder = mkdtempSync(join(tmpdir(), "avro-vectors-"));
const here = import.meta.dirname;
execFileSync(
  "mvn",
  ["-q", "-B", "-f", join(here, "pom.xml"), "dependency:copy-dependencies", `-DoutputDirectory=${folder}`],
  {
    stdio: "inherit",
  },
);
const answers = execFileSync(
  "java",
  [
    "-Xmx512m",
    "-Xss1m",
    "-Dorg.apache.avro.limits.collectionItems.maxLength=100000",
    "-cp",
    `${folder}/*`,
    join(here, "AvroVectors.java"),
  ],
  {
    input: pairs.map((pair) => JSON.stringify(pair)).join("\n"),
    maxBuffer: 1 << 28,
    stdio: ["pipe", "pipe", "inherit"],
  },
);
writeFileSync(join(here, "../vectors/jvm.jsonl"), answers);
process.stdout.write(
  `${pairs.length} pairs, ${pairs.reduce((sum, { bytes }) => sum + bytes.length, 0)} cases\n`,
);
