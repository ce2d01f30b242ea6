// Writes packages/venue/src/schemas/*.ts from schemas/*.avsc: the schema as a constant, so that a published package
// needs no file, and its TypeScript type. `--check` only says whether they are up to date.
import { parseArgs } from "node:util";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";

interface Field {
  readonly name: string;
  readonly type: AvroType;
  readonly doc?: string;
}
interface RecordType {
  readonly type: "record";
  readonly name: string;
  readonly doc?: string;
  readonly fields: readonly Field[];
}
interface EnumType {
  readonly type: "enum";
  readonly name: string;
  readonly symbols: readonly string[];
}
interface LogicalType {
  readonly type: string;
  readonly logicalType: string;
}
type AvroType = string | readonly AvroType[] | RecordType | EnumType | LogicalType;

const plain: Readonly<Record<string, string>> = {
  null: "null",
  string: "string",
  boolean: "boolean",
  int: "number",
  long: "number",
  float: "number",
  double: "number",
  bytes: "Buffer",
};

const typeScript = (type: AvroType): string => {
  if (typeof type === "string") return plain[type] ?? type;
  if (Array.isArray(type)) return type.map(typeScript).toReversed().join(" | ");
  const named = type as RecordType | EnumType | LogicalType;
  if ("symbols" in named) return named.symbols.map((symbol) => `"${symbol}"`).join(" | ");
  return plain[named.type] ?? "never";
};

const moduleOf = (schema: RecordType, file: string): string => {
  const fields = schema.fields.map(({ name, type, doc }) => {
    const unit = JSON.stringify(type).includes("timestamp-millis") ? "ms since the epoch" : undefined;
    const text = [doc, unit].filter((part) => part !== undefined).join(" ");
    return `${text === "" ? "" : `  /** ${text} */\n`}  readonly ${name}: ${typeScript(type)};\n`;
  });
  const constant = `${schema.name.charAt(0).toLowerCase()}${schema.name.slice(1)}Schema`;
  return (
    `// Generated from schemas/${file} by packages/venue/generate-schemas.ts; do not edit.\n` +
    `import type { AvroSchema } from "@millrace/avro";\n\n` +
    `/** ${schema.doc ?? schema.name} */\nexport interface ${schema.name} {\n${fields.join("")}}\n\n` +
    `/** schemas/${file} */\nexport const ${constant}: AvroSchema<${schema.name}> = ${JSON.stringify(schema, null, 2)};\n`
  );
};

const { check } = parseArgs({ options: { check: { type: "boolean", default: false } } }).values;
const root = new URL("../../", import.meta.url);
let stale = 0;
for (const file of readdirSync(new URL("schemas/", root)).filter((name) => name.endsWith(".avsc"))) {
  const schema = JSON.parse(readFileSync(new URL(`schemas/${file}`, root), "utf8")) as RecordType;
  const target = new URL(`packages/venue/src/schemas/${file.replace(".avsc", ".ts")}`, root);
  const text = moduleOf(schema, file);
  if (!check) writeFileSync(target, text);
  else if (readFileSync(target, "utf8") !== text) {
    process.stderr.write(`${target.pathname} is stale: run pnpm generate\n`);
    stale++;
  }
}
process.exitCode = stale === 0 ? 0 : 1;
