import type { Action, EnumAction, RecordAction } from "../resolution/action.ts";
import type { FixedNode, PrimitiveKind, PrimitiveNode, SchemaNode } from "../schema/schema-node.ts";
import { defaultCode } from "./default-code.ts";
import { minBytes } from "./min-bytes.ts";
import { propertyCode } from "./property-code.ts";
import { usesOf } from "./record-uses.ts";
import { SkipCode } from "./skip-code.ts";
import { mostDecimalBytes } from "./decimal-text.ts";
import { intCode, lengthCode, longCode, Names } from "./varint-code.ts";
import { isDecimalText, type ValueForm, wrapping } from "./value-form.ts";

/**
 * Statements that read what an action says from the bytes `b` at `p`, never beyond `e`, into a variable. Records that are
 * used once stand where they are used; others, and those that contain themselves, become functions.
 */
export class ReadCode {
  readonly functions: string[] = [];
  /** Values that the code knows as k[0], k[1], ... */
  readonly constants: unknown[] = [];
  readonly #form: ValueForm;
  readonly #names = new Names();
  readonly #skip: SkipCode;
  readonly #least = new Map<SchemaNode, number>();
  readonly #uses: ReturnType<typeof usesOf>;
  readonly #functionOf = new Map<RecordAction, string>();

  constructor(root: Action, form: ValueForm) {
    this.#form = form;
    this.#uses = usesOf(root);
    this.#skip = new SkipCode(this.#names, this.functions, this.#least);
  }

  /** A function that reads one value, and all there is. */
  whole(action: Action, path: string): string {
    return this.#root(action, path, "if (p !== e) c.left(p);\nreturn v;");
  }

  /** A function that reads one value, and answers where it ended. */
  partial(action: Action, path: string): string {
    return this.#root(action, path, "return { value: v, next: p };");
  }

  #root(action: Action, path: string, end: string): string {
    return `return (b, s, e) => {\nc.begin(s, e);\nlet p = s, v;\n${this.#read(action, "v", path)}${end}\n};`;
  }

  #read(action: Action, into: string, path: string): string {
    switch (action.do) {
      case "primitive":
        return this.#primitive(action.node, into);
      case "promote":
        return this.#promotion(action.from, action.node, into);
      case "fixed":
        return `if (e - p < ${action.node.size}) c.truncated();\n${this.#bytes(action.node, into, `${action.node.size}`)}`;
      case "enum":
        return this.#enum(action, into, path);
      case "array":
        return this.#array(action, into, path);
      case "map":
        return this.#map(action, into, path);
      case "record":
        return this.#record(action, into, path);
      case "branches":
        return this.#branches(action.branches, into, path);
      case "into": {
        const key = wrapping(action.branch, action.union, this.#form);
        const read = this.#read(action.action, into, path);
        return key === undefined ? read : `${read}${into} = { ${propertyCode(key, into)} };\n`;
      }
      case "error":
        return `c.mismatch(${JSON.stringify(action.message)}, ${JSON.stringify(path)});\n`;
    }
  }

  #primitive(node: PrimitiveNode, into: string): string {
    switch (node.kind) {
      case "null":
        return `${into} = null;\n`;
      case "boolean":
        return `if (p >= e) c.truncated();\n${into} = b[p++];\nif (${into} > 1) c.badBoolean(${into});\n${into} = ${into} === 1;\n`;
      case "int":
        return intCode(into);
      case "long":
        return longCode(into, this.#form.longs);
      case "float":
        return `${into} = r.readFloat(c, b, p, e);\np += 4;\n`;
      case "double":
        return `${into} = r.readDouble(c, b, p, e);\np += 8;\n`;
      case "string":
        return this.#text(into);
      case "bytes": {
        const length = this.#names.fresh("n");
        return lengthCode(length) + this.#bytes(node, into, length);
      }
    }
  }

  #text(into: string): string {
    const length = this.#names.fresh("n");
    return `${lengthCode(length)}${into} = r.readText(b, p, p += ${length});\n`;
  }

  #bytes(node: PrimitiveNode | FixedNode, into: string, length: string): string {
    const copy = `r.readBytes(b, p, ${length})`;
    if (!isDecimalText(node, this.#form)) return `${into} = ${copy};\np += ${length};\n`;
    const { scale, precision } = node.logical!;
    return (
      `if (${length} > ${mostDecimalBytes(precision)}) c.badDecimal(${length}, ${precision});\n` +
      `${into} = r.decimalText(${copy}, ${scale});\np += ${length};\n`
    );
  }

  #promotion(from: PrimitiveKind, node: PrimitiveNode, into: string): string {
    if (node.kind === "long")
      return intCode(into) + (this.#form.longs === "bigint" ? `${into} = BigInt(${into});\n` : "");
    if (node.kind === "bytes" || node.kind === "string") return this.#primitive(node, into);
    const read =
      from === "long"
        ? `${into} = r.longAsDouble(c, b, p, e);\np = c.position;\n`
        : this.#primitive({ kind: from, logical: undefined }, into);
    return node.kind === "float" ? `${read}${into} = Math.fround(${into});\n` : read;
  }

  #enum({ symbols, writerSymbols }: EnumAction, into: string, path: string): string {
    const index = this.#names.fresh("n");
    const known = this.#constant(symbols);
    return (
      `let ${index};\n${intCode(index)}${into} = ${known}[${index}];\n` +
      `if (${into} === undefined) c.noSymbol(${index}, ${this.#constant(writerSymbols)}, ${JSON.stringify(path)});\n`
    );
  }

  #array(action: Action & { readonly do: "array" }, into: string, path: string): string {
    const item = this.#names.fresh("v");
    const body = `${this.#read(action.items, item, `${path}[]`)}${into}.push(${item});\n`;
    return `${into} = [];\n${this.#skip.blocks(minBytes(action.writer, this.#least), `let ${item};\n${body}`)}`;
  }

  #map(action: Action & { readonly do: "map" }, into: string, path: string): string {
    const key = this.#names.fresh("v");
    const value = this.#names.fresh("v");
    const body = `let ${key}, ${value};\n${this.#text(key)}${this.#read(action.values, value, `${path}{}`)}r.setKey(${into}, ${key}, ${value});\n`;
    return `${into} = {};\n${this.#skip.blocks(1 + minBytes(action.writer, this.#least), body)}`;
  }

  #branches(branches: readonly Action[], into: string, path: string): string {
    const index = this.#names.fresh("n");
    const cases = branches.map((branch, i) => `case ${i}: {\n${this.#read(branch, into, path)}break;\n}\n`);
    return (
      `let ${index};\n${intCode(index)}switch (${index}) {\n${cases.join("")}` +
      `default: c.noBranch(${index}, ${branches.length}, ${JSON.stringify(path)});\n}\n`
    );
  }

  #record(action: RecordAction, into: string, path: string): string {
    const uses = this.#uses.get(action);
    if (uses?.once === true) return `{\n${this.#fields(action, into, path)}}\n`;
    let name = this.#functionOf.get(action);
    if (name === undefined) {
      name = this.#names.fresh("f");
      // Before its body, which may call it.
      this.#functionOf.set(action, name);
      const guard = uses?.recursive === true;
      const body = this.#fields(action, "v", action.node.fullName);
      this.functions.push(
        `const ${name} = (b, p, e) => {\nlet v;\n${guard ? "c.enter();\n" : ""}${body}` +
          `${guard ? "c.leave();\n" : ""}c.position = p;\nreturn v;\n};\n`,
      );
    }
    return `${into} = ${name}(b, p, e);\np = c.position;\n`;
  }

  #fields({ node, steps, missing }: RecordAction, into: string, path: string): string {
    const values = new Map<string, string>();
    let code = "";
    for (const step of steps)
      if (step.field === undefined) code += this.#skip.code(step.skip);
      else {
        const value = this.#names.fresh("v");
        values.set(step.field.name, value);
        code += `let ${value};\n${this.#read(step.action, value, `${path}.${step.field.name}`)}`;
      }
    for (const field of missing) {
      const value = defaultCode(field, this.#form);
      if (value === undefined)
        return `c.mismatch(${JSON.stringify(`it was written without "${field.name}", whose default is no value of its type`)}, ${JSON.stringify(path)});\n`;
      values.set(field.name, value);
    }
    const properties = node.fields.map(({ name }) => propertyCode(name, values.get(name)!));
    return `${code}${into} = { ${properties.join(", ")} };\n`;
  }

  #constant(value: unknown): string {
    return `k[${this.constants.push(value) - 1}]`;
  }
}
