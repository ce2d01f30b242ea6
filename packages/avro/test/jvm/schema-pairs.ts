import fc from "fast-check";
import { pickFrom } from "./pick-from.ts";

type Json = Record<string, unknown> | string | readonly Json[];

/** A writer's schema, and one that somebody may want to read its values with. */
export interface SchemaPair {
  readonly writer: Json;
  readonly reader: Json;
}

const primitives = ["null", "boolean", "int", "long", "float", "double", "bytes", "string"] as const;
const promotions: Readonly<Record<string, readonly string[]>> = {
  int: ["long", "float", "double"],
  long: ["float", "double", "int"],
  float: ["double"],
  string: ["bytes"],
  bytes: ["string"],
};
const defaults: Readonly<Record<string, readonly unknown[]>> = {
  null: [null],
  boolean: [true],
  int: [-7],
  long: [2 ** 40],
  float: [0.1],
  double: [-0.5, "NaN"],
  bytes: ["\u00ff\u0000"],
  string: ["ä"],
};

/** Makes schemas with names of their own; every choice is `pick`'s. */
class Maker {
  #names = 0;
  readonly #pick: <T>(from: readonly T[]) => T;

  constructor(pick: <T>(from: readonly T[]) => T) {
    this.#pick = pick;
  }

  name(): string {
    return this.#pick(["a.N", "b.N", "N"]) + this.#names++;
  }

  schema(depth: number): Json {
    const kind = this.#pick([
      "primitive",
      "primitive",
      "primitive",
      ...(depth > 0 ? (["record", "record", "array", "map", "union", "union"] as const) : []),
      "enum",
      "fixed",
    ] as const);
    switch (kind) {
      case "primitive":
        return this.#pick(primitives);
      case "enum":
        return { type: "enum", name: this.name(), symbols: this.symbols() };
      case "fixed":
        return { type: "fixed", name: this.name(), size: this.#pick([0, 1, 3]) };
      case "array":
        return { type: "array", items: this.schema(depth - 1) };
      case "map":
        return { type: "map", values: this.schema(depth - 1) };
      case "union":
        return this.union(depth - 1);
      case "record":
        return { type: "record", name: this.name(), fields: this.fields(depth - 1) };
    }
  }

  symbols(): readonly string[] {
    return this.#pick([["A"], ["A", "B"], ["B", "A", "C"], ["A", "B", "C", "D"]]);
  }

  fields(depth: number): readonly Json[] {
    const count = this.#pick([0, 1, 2, 3]);
    return Array.from({ length: count }, (_, i) => ({ name: `f${i}`, type: this.schema(depth) }));
  }

  union(depth: number): readonly Json[] {
    const branches = Array.from({ length: this.#pick([1, 2, 2, 3]) }, () => this.schema(depth)).filter(
      (branch) => !Array.isArray(branch),
    );
    const seen = new Set<string>();
    const distinct = branches.filter((branch) => {
      const key =
        typeof branch === "string"
          ? branch
          : String(
              (branch as Record<string, unknown>)["name"] ?? (branch as Record<string, unknown>)["type"],
            );
      return !seen.has(key) && seen.add(key);
    });
    return distinct.length === 0 ? ["null"] : distinct;
  }

  /** The same, or what somebody made of it since. */
  evolved(json: Json): Json {
    if (typeof json === "string")
      return this.#pick([
        json,
        json,
        json,
        ...(promotions[json] ?? []),
        ["null", json],
        ["double", "bytes", json === "double" || json === "bytes" ? "null" : json],
      ]);
    if (Array.isArray(json)) return this.#evolvedUnion(json as readonly Json[]);
    const schema = json as Record<string, unknown>;
    const change = this.#pick(["none", "none", "none", "wrap", "rename", "namespace", "alias"] as const);
    const renamed = this.#renamed(schema, change);
    const inner = this.#inside(renamed);
    return change === "wrap" ? ["null", inner] : inner;
  }

  #evolvedUnion(branches: readonly Json[]): Json {
    const change = this.#pick(["none", "none", "drop", "add", "reverse", "single"] as const);
    const evolved = branches.map((branch) => this.evolved(branch)).filter((branch) => !Array.isArray(branch));
    if (change === "drop") return evolved.slice(1);
    if (change === "reverse") return evolved.toReversed();
    if (change === "single") return evolved[0] ?? "null";
    return change === "add" && !evolved.includes("string") ? [...evolved, "string"] : evolved;
  }

  #renamed(schema: Record<string, unknown>, change: string): Record<string, unknown> {
    const name = schema["name"];
    if (typeof name !== "string") return schema;
    if (change === "rename") return { ...schema, name: `${name}x` };
    if (change === "namespace") return { ...schema, name: `c.${name.split(".").at(-1)}` };
    if (change === "alias") return { ...schema, name: `${name}y`, aliases: [name] };
    return schema;
  }

  #inside(schema: Record<string, unknown>): Record<string, unknown> {
    if (schema["type"] === "array") return { ...schema, items: this.evolved(schema["items"] as Json) };
    if (schema["type"] === "map") return { ...schema, values: this.evolved(schema["values"] as Json) };
    if (schema["type"] === "fixed")
      return this.#pick([true, true, true, false]) ? schema : { ...schema, size: 2 };
    if (schema["type"] === "enum") {
      const symbols = this.#pick([schema["symbols"], this.symbols()]) as readonly string[];
      return { ...schema, symbols, ...(this.#pick([true, false]) && { default: symbols[0] }) };
    }
    return { ...schema, fields: this.#evolvedFields(schema["fields"] as readonly Record<string, unknown>[]) };
  }

  #evolvedFields(fields: readonly Record<string, unknown>[]): readonly Record<string, unknown>[] {
    const kept = fields
      .filter(() => this.#pick([true, true, true, false]))
      .map((field) => {
        const type = this.evolved(field["type"] as Json);
        return this.#pick([true, true, true, false])
          ? { ...field, type }
          : { ...field, name: `${String(field["name"])}n`, type, aliases: [field["name"]] };
      });
    const primitive = this.#pick(primitives);
    const added = this.#pick([
      [],
      [],
      [{ name: "added", type: primitive, default: this.#pick(defaults[primitive]!) }],
      [{ name: "added", type: ["null", primitive === "null" ? "int" : primitive], default: null }],
      [{ name: "added", type: ["int", "null"], default: null }],
      [{ name: "added", type: { type: "array", items: "int" }, default: [1, 2] }],
      [{ name: "added", type: { type: "map", values: "string" }, default: { a: "b" } }],
      [
        {
          name: "added",
          type: { type: "record", name: this.name(), fields: [{ name: "x", type: "int", default: 3 }] },
          default: {},
        },
      ],
      [{ name: "added", type: primitive }],
    ]);
    const all = [...kept, ...added];
    return this.#pick([true, true, false]) ? all : all.toReversed();
  }
}

/** Pairs of every sort; most fit, in part at least. */
export const schemaPairs: fc.Arbitrary<SchemaPair> = fc.integer().map((seed) => {
  const maker = new Maker(pickFrom(seed));
  const writer = maker.schema(3);
  return { writer, reader: maker.evolved(writer) };
});
