import { writeJson } from "./json-text.ts";
import { logicalType } from "./logical-type.ts";
import type { NamedTypes, Reference } from "./named-types.ts";
import { isName, type QualifiedName, qualifiedName } from "./qualified-name.ts";
import type { FieldNode, PrimitiveKind, SchemaNode } from "./schema-node.ts";

type Json = Readonly<Record<string, unknown>>;

/** One schema's JSON, type by type, as Avro's Java library reads it. Every method throws on what is none. */
export class SchemaParser {
  readonly #names: NamedTypes;
  readonly #strict: boolean;

  constructor(names: NamedTypes, strict: boolean) {
    this.#names = names;
    this.#strict = strict;
  }

  /** The type, with names where named types are used again: `NamedTypes.resolved` fills them in. */
  parse(json: unknown, namespace = ""): SchemaNode {
    if (typeof json === "string") return this.#named(json, namespace);
    if (Array.isArray(json))
      return { kind: "union", branches: json.map((type) => this.parse(type, namespace)) };
    if (!isObject(json)) throw new Error(`${shown(json)} is no type`);
    const { type } = json;
    if (typeof type !== "string")
      throw new Error(`${shown(json)} has no "type" that is a name; put types of types in directly`);
    switch (type) {
      case "record":
      case "error":
        return this.#record(json, namespace);
      case "enum":
        return this.#enum(json, namespace);
      case "fixed":
        return this.#fixed(json, namespace);
      case "array":
        return { kind: "array", items: this.parse(required(json, "items"), namespace) };
      case "map":
        return { kind: "map", values: this.parse(required(json, "values"), namespace) };
      default:
        return isPrimitive(type)
          ? { kind: type, logical: logicalType(json, type) }
          : this.#named(type, namespace);
    }
  }

  #named(name: string, namespace: string): SchemaNode {
    if (isPrimitive(name)) return { kind: name, logical: undefined };
    const reference: Reference = { kind: "reference", name, namespace };
    // Never seen outside of parsing: all are filled in before anyone gets the schema.
    return reference as unknown as SchemaNode;
  }

  #record(json: Json, namespace: string): SchemaNode {
    const { aliases, space, ...name } = this.#name(json, namespace);
    const fields: FieldNode[] = [];
    const node: SchemaNode = { kind: "record", ...name, aliases, fields };
    this.#names.add(name.fullName, node);
    if (!Array.isArray(json["fields"])) throw new Error(`record "${name.fullName}" has no fields`);
    const seen = new Set<string>();
    for (const field of json["fields"] as readonly unknown[]) {
      const parsed = this.#field(field, name.fullName, space);
      if (seen.has(parsed.name))
        throw new Error(`record "${name.fullName}" has field "${parsed.name}" twice`);
      seen.add(parsed.name);
      fields.push(parsed);
    }
    return node;
  }

  #field(json: unknown, record: string, namespace: string): FieldNode {
    if (!isObject(json) || typeof json["name"] !== "string")
      throw new Error(`a field of "${record}" has no name: ${shown(json)}`);
    const name = json["name"];
    this.#check(name);
    const type = this.parse(required(json, "type"), namespace);
    const given = json["default"];
    // Written as text are NaN and the infinities, which JSON has no numbers for.
    const asNumber = typeof given === "string" && (type.kind === "float" || type.kind === "double");
    return { name, aliases: stringsOf(json["aliases"]), type, default: asNumber ? Number(given) : given };
  }

  #enum(json: Json, namespace: string): SchemaNode {
    const { aliases, space: _, ...name } = this.#name(json, namespace);
    const symbols = json["symbols"];
    if (!Array.isArray(symbols) || !symbols.every((symbol) => typeof symbol === "string"))
      throw new Error(`enum "${name.fullName}" has no symbols`);
    for (const symbol of symbols as readonly string[]) this.#check(symbol);
    if (new Set(symbols).size < symbols.length) throw new Error(`enum "${name.fullName}" has a symbol twice`);
    const fallback = typeof json["default"] === "string" ? json["default"] : undefined;
    if (this.#strict && fallback !== undefined && !symbols.includes(fallback))
      throw new Error(`the default "${fallback}" of enum "${name.fullName}" is none of its symbols`);
    const node: SchemaNode = { kind: "enum", ...name, aliases, symbols: [...symbols], default: fallback };
    this.#names.add(name.fullName, node);
    return node;
  }

  #fixed(json: Json, namespace: string): SchemaNode {
    const { aliases, space: _, ...name } = this.#name(json, namespace);
    const { size } = json;
    if (typeof size !== "number" || size !== (size | 0) || size < 0)
      throw new Error(`fixed "${name.fullName}" has no size in bytes`);
    const node: SchemaNode = { kind: "fixed", ...name, aliases, size, logical: logicalType(json, "fixed") };
    this.#names.add(name.fullName, node);
    return node;
  }

  #name(json: Json, namespace: string): QualifiedName & { readonly aliases: readonly string[] } {
    const { name, namespace: own } = json;
    if (typeof name !== "string" || name === "") throw new Error(`${shown(json)} has no name`);
    const qualified = qualifiedName(name, typeof own === "string" ? own : namespace);
    if (isPrimitive(qualified.fullName)) throw new Error(`"${name}" is the name of a primitive type`);
    this.#check(...qualified.fullName.split("."));
    const aliases = stringsOf(json["aliases"]).map((alias) => qualifiedName(alias, qualified.space).fullName);
    return { ...qualified, aliases };
  }

  #check(...names: readonly string[]): void {
    for (const name of names)
      if (this.#strict && !isName(name)) throw new Error(`"${name}" is no name: letters, digits and _ only`);
  }
}

const primitives: ReadonlySet<string> = new Set<PrimitiveKind>([
  "null",
  "boolean",
  "int",
  "long",
  "float",
  "double",
  "bytes",
  "string",
]);

const isPrimitive = (name: string): name is PrimitiveKind => primitives.has(name);

const isObject = (json: unknown): json is Json =>
  typeof json === "object" && json !== null && !Array.isArray(json);

const required = (json: Json, attribute: string): unknown => {
  if (json[attribute] === undefined) throw new Error(`${shown(json)} has no "${attribute}"`);
  return json[attribute];
};

const stringsOf = (json: unknown): readonly string[] => {
  if (json === undefined) return [];
  if (Array.isArray(json) && json.every((item) => typeof item === "string")) return json;
  throw new Error(`aliases must be a list of names, not ${shown(json)}`);
};

/** The beginning of it, for messages. */
const shown = (json: unknown): string => {
  const text = writeJson(json ?? null);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
};
