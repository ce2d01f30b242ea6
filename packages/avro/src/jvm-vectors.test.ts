import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { expect, test } from "vitest";
import { valueText } from "../test/jvm/value-text.ts";
import { AvroError } from "./avro-error.ts";
import { compileReader, type Read } from "./codec/compile-reader.ts";
import { defaultForm } from "./codec/value-form.ts";
import { problemsReading } from "./resolution/problems-reading.ts";
import { parseSchema } from "./schema/parse-schema.ts";
import type { SchemaNode } from "./schema/schema-node.ts";

/** What Avro's Java library made of a pair of schemas, and of bytes written with the first (test/jvm/generate.ts). */
interface Vector {
  readonly writer: string;
  readonly reader: string;
  readonly bytes: readonly string[];
  readonly writerValid: boolean;
  readonly readerValid: boolean;
  readonly compatible: boolean;
  readonly results: readonly string[];
}
const vectors: Vector[] = [];
const file = createReadStream(new URL("../test/vectors/jvm.jsonl", import.meta.url));
for await (const line of createInterface({ input: file })) vectors.push(JSON.parse(line) as Vector);

const parsed = (schema: string, strict: boolean): SchemaNode | undefined => {
  try {
    return parseSchema(schema, { strict });
  } catch (error) {
    if (error instanceof AvroError) return undefined;
    throw error;
  }
};

/** What Java reads, and we refuse on purpose; the README says so. */
const onPurpose =
  /a boolean of|a length of -|what is no 32-bit int|items that take no bytes|nested more than/;

const wrapping = { longs: "bigint", decimals: "bytes", wrapAll: true } as const;

/** The value as text, or the error. */
const outcome = (read: Read<unknown>, reader: SchemaNode, hex: string): string => {
  const bytes = Buffer.from(hex, "hex");
  try {
    return valueText(reader, read(bytes, 0, bytes.length));
  } catch (error) {
    if (!(error instanceof AvroError)) throw error;
    return onPurpose.test(error.message) ? "on purpose" : error.code === "TRAILING_BYTES" ? "more" : "error";
  }
};

test("takes and refuses schemas as Java does", () => {
  const differing = vectors.filter(
    ({ writer, reader, writerValid, readerValid }) =>
      // A writer's names are not looked at: whoever registered it could write with it.
      (writerValid && parsed(writer, false) === undefined) ||
      (parsed(reader, true) !== undefined) !== readerValid,
  );
  expect(differing.map(({ writer, reader }) => ({ writer, reader }))).toEqual([]);
});

test("reads the values that Java reads, and none that it does not", () => {
  let compared = 0;
  const differing: unknown[] = [];
  for (const { writer, reader, bytes, results = [] } of vectors) {
    const from = parsed(writer, false);
    const as = parsed(reader, true);
    if (from === undefined || as === undefined) continue;
    const read = compileReader<unknown>(from, as, wrapping);
    for (const [i, expected] of results.entries()) {
      compared++;
      const found = outcome(read, as, bytes[i]!);
      if (found === "on purpose" || found === expected) continue;
      if (found === "more" && expected.endsWith(" and more")) continue;
      differing.push({ writer, reader, bytes: bytes[i], found, expected });
    }
  }
  expect(differing.slice(0, 5)).toEqual([]);
  expect(compared).toBeGreaterThan(8_000);
});

test("calls schemas compatible that Java calls so", () => {
  const differing = vectors.filter(({ writer, reader, compatible }) => {
    const from = parsed(writer, false);
    const as = parsed(reader, true);
    if (from === undefined || as === undefined || compatible === undefined) return false;
    return (problemsReading(as, from).length === 0) !== compatible;
  });
  expect(
    differing.slice(0, 5).map(({ writer, reader, compatible }) => ({ writer, reader, compatible })),
  ).toEqual([]);
});

test("as numbers, longs are the same values or an error that says so", () => {
  for (const { writer, reader, bytes, results = [] } of vectors) {
    const from = parsed(writer, false);
    const as = parsed(reader, true);
    if (from === undefined || as === undefined) continue;
    const [plain, whole] = [defaultForm, wrapping].map((form) => compileReader<unknown>(from, as, form));
    for (const [i, expected] of results.entries()) {
      const source = Buffer.from(bytes[i]!, "hex");
      const codeOf = (read: typeof plain) => {
        try {
          read!(source, 0, source.length);
          return "value";
        } catch (error) {
          return (error as AvroError).code;
        }
      };
      const found = codeOf(plain);
      expect(
        found === "UNSAFE_LONG" || found === codeOf(whole),
        `${writer} ${reader} ${bytes[i]} ${expected}`,
      ).toBe(true);
    }
  }
});
