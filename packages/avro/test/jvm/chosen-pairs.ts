import type { SchemaPair } from "./schema-pairs.ts";

type Schema = SchemaPair["writer"];

const record = (name: string, ...fields: readonly Record<string, unknown>[]): Schema => ({
  type: "record",
  name,
  fields,
});
const field = (name: string, type: Schema, more: object = {}): Record<string, unknown> => ({
  name,
  type,
  ...more,
});
const list: Schema = record("List", field("value", "int"), field("next", ["null", "List"]));
const x = record("a.X", field("x", "int"));

/** Pairs that were thought of: what registries let in, and what readers disagree about. */
export const chosenPairs: readonly SchemaPair[] = [
  // Defaults of a writer that are none.
  {
    writer: record("R", field("n", ["string", "null"], { default: null })),
    reader: record("R", field("n", ["null", "string"])),
  },
  { writer: record("R", field("n", "int", { default: "x" })), reader: record("R", field("n", "long")) },
  // Of a reader.
  { writer: record("R"), reader: record("R", field("n", "int", { default: "x" })) },
  { writer: record("R"), reader: record("R", field("n", ["string", "null"], { default: null })) },
  { writer: record("R"), reader: record("R", field("n", ["int", "string"], { default: "s" })) },
  { writer: record("R"), reader: record("R", field("n", "int")) },
  {
    writer: record("R"),
    reader: record("R", field("n", { type: "fixed", name: "F", size: 3 }, { default: "a" })),
  },
  {
    writer: record("R"),
    reader: record("R", field("n", { type: "enum", name: "E", symbols: ["A"] }, { default: "A" })),
  },
  { writer: record("R"), reader: record("R", field("n", "float", { default: 1e300 })) },
  { writer: record("R"), reader: record("R", field("n", "double", { default: 3 })) },
  { writer: record("R"), reader: record("R", field("n", x, { default: { x: 5 } })) },
  { writer: record("R"), reader: record("R", field("n", x, { default: {} })) },
  // Recursion, on either side.
  { writer: list, reader: list },
  { writer: list, reader: record("List", field("next", ["null", "List"])) },
  {
    writer: list,
    reader: record(
      "List",
      field("value", "long"),
      field("next", ["null", "List"]),
      field("extra", "int", { default: 1 }),
    ),
  },
  // Names.
  { writer: x, reader: record("b.Y", field("x", "int")) },
  { writer: x, reader: ["null", record("b.Y", field("x", "long"))] },
  {
    writer: x,
    reader: [
      record("b.Y", field("x", "long")),
      record("b.X", field("x", "long")),
      record("c.X", field("x", "long")),
    ],
  },
  {
    writer: x,
    reader: [record("b.Y", field("x", "string")), record("b.X", field("x", "long"), field("y", "int"))],
  },
  { writer: x, reader: record("b.Y", field("y", "int", { aliases: ["x"] })) },
  {
    writer: {
      type: "record",
      name: "X",
      namespace: "a",
      fields: [field("e", { type: "enum", name: "E", symbols: ["A"] })],
    },
    reader: {
      type: "record",
      name: "X",
      namespace: "b",
      fields: [field("e", { type: "enum", name: "E", symbols: ["A"] })],
    },
  },
  {
    writer: { type: "enum", name: "a.E", symbols: ["A"] },
    reader: { type: "enum", name: "a.G", aliases: ["E"], symbols: ["A"] },
  },
  {
    writer: { type: "enum", name: "a.E", symbols: ["A"] },
    reader: { type: "enum", name: "b.G", aliases: ["E"], symbols: ["A"] },
  },
  {
    writer: record("R", field("x", "int"), field("y", "int")),
    reader: record("R", field("y", "int", { aliases: ["x"] })),
  },
  // Unions within.
  { writer: ["int", "string"], reader: ["long", "bytes"] },
  { writer: ["int", "long"], reader: ["long", "double"] },
  { writer: ["null", "int"], reader: ["int", "null"] },
  {
    writer: [x, record("a.Z", field("x", "int"))],
    reader: [record("b.X", field("x", "int")), record("b.Z", field("x", "int"))],
  },
  { writer: "int", reader: ["string", "float", "double", "long"] },
  { writer: "string", reader: ["null", "bytes"] },
  { writer: "bytes", reader: ["null", "string"] },
  {
    writer: { type: "array", items: ["null", "int"] },
    reader: { type: "array", items: "int" },
  },
  // Items that take no bytes.
  { writer: { type: "array", items: "null" }, reader: { type: "array", items: "null" } },
  {
    writer: { type: "array", items: record("E") },
    reader: { type: "array", items: record("E", field("n", "int", { default: 3 })) },
  },
  {
    writer: { type: "map", values: "null" },
    reader: { type: "map", values: ["null", "int"] },
  },
  // What is no schema.
  { writer: "in", reader: "int" },
  { writer: "int", reader: ["int", "int"] },
  { writer: "int", reader: ["int", ["null"]] as Schema },
  { writer: "int", reader: { type: "record", name: "R" } },
  { writer: "int", reader: record("R", field("a", "int"), field("a", "int")) },
  { writer: "int", reader: record("1R") },
  { writer: "int", reader: record("R", field("a-b", "int")) },
  { writer: "int", reader: record("Ünïcode", field("ä", "int", { default: 1 })) },
  { writer: "int", reader: { type: { type: "int" } } },
  { writer: "int", reader: { type: "enum", name: "E", symbols: ["A", "A"] } },
  { writer: "int", reader: { type: "enum", name: "E", symbols: ["A"], default: "B" } },
  { writer: "int", reader: { type: "fixed", name: "F", size: -1 } },
  { writer: "int", reader: { type: "array" } },
  { writer: "int", reader: record("R", field("a", { type: "record", name: "R", fields: [] })) },
  { writer: "int", reader: record("int") },
];
