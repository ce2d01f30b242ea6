import {
  type EnumNode,
  type FixedNode,
  nameOf,
  type PrimitiveNode,
  type RecordNode,
  type SchemaNode,
  type UnionNode,
} from "../schema/schema-node.ts";
import { defaultCode } from "./default-code.ts";
import { recordUses } from "./schema-uses.ts";
import { type Bucket, bucketOf, isDecimalText, isWrapped, type ValueForm } from "./value-form.ts";
import { Names } from "./varint-code.ts";

/** An expression that says whether a variable holds a value of that bucket. */
const isBucket: Readonly<Record<Bucket, (value: string) => string>> = {
  null: (value) => `${value} === null`,
  boolean: (value) => `typeof ${value} === "boolean"`,
  number: (value) => `typeof ${value} === "number"`,
  bigint: (value) => `typeof ${value} === "bigint"`,
  string: (value) => `typeof ${value} === "string"`,
  buffer: (value) => `${value} instanceof Uint8Array`,
  array: (value) => `Array.isArray(${value})`,
  object: (value) =>
    `typeof ${value} === "object" && ${value} !== null && !Array.isArray(${value}) && !(${value} instanceof Uint8Array)`,
};

/** Statements that check a value and write it into the bytes `b` at `p`. */
export class WriteCode {
  readonly functions: string[] = [];
  readonly #form: ValueForm;
  readonly #names = new Names();
  readonly #uses: ReturnType<typeof recordUses>;
  readonly #functionOf = new Map<RecordNode, string>();

  constructor(root: SchemaNode, form: ValueForm) {
    this.#form = form;
    this.#uses = recordUses(root);
  }

  /** A function that writes one value. */
  root(node: SchemaNode): string {
    return `return (b, p, v) => {\nfit.begin();\n${this.#write(node, "v", nameOf(node))}return p;\n};`;
  }

  #write(node: SchemaNode, value: string, path: string): string {
    switch (node.kind) {
      case "null":
        return this.#unless(`${value} === null`, value, "null", path);
      case "boolean":
        return `${this.#unless(`typeof ${value} === "boolean"`, value, "a boolean", path)}b[p++] = ${value} ? 1 : 0;\n`;
      case "int":
        return `${this.#unless(`typeof ${value} === "number" && ${value} === (${value} | 0)`, value, "an int of 32 bits", path)}p = w.writeInt(b, p, ${value});\n`;
      case "long":
        return this.#long(value, path);
      case "float":
        return `${this.#unless(`typeof ${value} === "number"`, value, "a number", path)}p = w.writeFloat(b, p, ${value});\n`;
      case "double":
        return `${this.#unless(`typeof ${value} === "number"`, value, "a number", path)}p = w.writeDouble(b, p, ${value});\n`;
      case "string":
        return (
          this.#unless(`typeof ${value} === "string"`, value, "a string", path) + this.#text(value, path)
        );
      case "bytes":
      case "fixed":
        return this.#bytes(node, value, path);
      case "enum":
        return this.#enum(node, value, path);
      case "array": {
        const item = this.#names.fresh("v");
        return (
          this.#unless(`Array.isArray(${value})`, value, "an array", path) +
          `if (${value}.length > 0) {\np = w.writeLong(b, p, ${value}.length);\n` +
          `for (const ${item} of ${value}) {\n${this.#write(node.items, item, `${path}[]`)}}\n}\nb[p++] = 0;\n`
        );
      }
      case "map": {
        const keys = this.#names.fresh("k");
        const key = this.#names.fresh("v");
        const item = this.#names.fresh("v");
        return (
          this.#unless(isBucket.object(value), value, "an object", path) +
          `const ${keys} = Object.keys(${value});\nif (${keys}.length > 0) {\np = w.writeLong(b, p, ${keys}.length);\n` +
          `for (const ${key} of ${keys}) {\n${this.#text(key, `a key of ${path}`)}const ${item} = ${value}[${key}];\n` +
          `${this.#write(node.values, item, `${path}{}`)}}\n}\nb[p++] = 0;\n`
        );
      }
      case "union":
        return isWrapped(node, this.#form)
          ? this.#wrapped(node, value, path)
          : this.#plain(node, value, path);
      case "record":
        return this.#record(node, value, path);
    }
  }

  /** Half a surrogate pair would be read as another character, and two texts that differ in one be the same. */
  #text(value: string, path: string): string {
    const wanted = "text without half a surrogate pair";
    return `p = w.writeText(b, p, ${value});\n${this.#unless("p >= 0", value, wanted, path)}`;
  }

  #long(value: string, path: string): string {
    return this.#form.longs === "number"
      ? `${this.#unless(`Number.isSafeInteger(${value})`, value, "an integer within ±(2^53 - 1)", path)}p = w.writeLong(b, p, ${value});\n`
      : `${this.#unless(`typeof ${value} === "bigint" && ${value} === BigInt.asIntN(64, ${value})`, value, "a bigint of 64 bits", path)}p = w.writeBigint(b, p, ${value});\n`;
  }

  #bytes(node: PrimitiveNode | FixedNode, value: string, path: string): string {
    const write = node.kind === "fixed" ? "writeFixed" : "writeBytes";
    const size = node.kind === "fixed" ? node.size : undefined;
    if (isDecimalText(node, this.#form)) {
      const { precision, scale } = node.logical!;
      const bytes = this.#names.fresh("v");
      return (
        `const ${bytes} = typeof ${value} === "string" ? w.decimalBytes(${value}, ${precision}, ${scale}, ${size}) : undefined;\n` +
        this.#unless(
          `${bytes} !== undefined`,
          value,
          `the text of a decimal of at most ${precision} digits, ${scale} of them behind the point`,
          path,
        ) +
        `p = w.${write}(b, p, ${bytes});\n`
      );
    }
    const isBytes = `${value} instanceof Uint8Array`;
    const check =
      size === undefined
        ? this.#unless(isBytes, value, "bytes", path)
        : this.#unless(`${isBytes} && ${value}.length === ${size}`, value, `${size} bytes`, path);
    return `${check}p = w.${write}(b, p, ${value});\n`;
  }

  #enum({ symbols, fullName }: EnumNode, value: string, path: string): string {
    const cases = symbols.map(
      (symbol, i) => `case ${JSON.stringify(symbol)}: p = w.writeInt(b, p, ${i}); break;\n`,
    );
    return `switch (${value}) {\n${cases.join("")}default: ${this.#fail(value, `a symbol of ${fullName}`, path)}}\n`;
  }

  #plain(node: UnionNode, value: string, path: string): string {
    const tests = node.branches.map((branch, i) => {
      const is = isBucket[bucketOf(branch as Exclude<SchemaNode, UnionNode>, this.#form)];
      return `if (${is(value)}) {\np = w.writeInt(b, p, ${i});\n${this.#write(branch, value, path)}}\nelse `;
    });
    return `${tests.join("")}{\n${this.#fail(value, this.#branches(node), path)}}\n`;
  }

  #wrapped(node: UnionNode, value: string, path: string): string {
    const inner = this.#names.fresh("v");
    const key = this.#names.fresh("v");
    const none = node.branches.findIndex((branch) => branch.kind === "null");
    const cases = node.branches.flatMap((branch, i) => {
      if (branch.kind === "null") return [];
      const name = JSON.stringify(nameOf(branch));
      return [`case ${name}: {\np = w.writeInt(b, p, ${i});\n${this.#write(branch, inner, path)}break;\n}\n`];
    });
    return (
      (none < 0 ? "" : `if (${value} === null) p = w.writeInt(b, p, ${none});\nelse `) +
      `{\nconst ${key} = w.keyOf(${value});\nconst ${inner} = ${key} === undefined ? undefined : ${value}[${key}];\n` +
      `switch (${key}) {\n${cases.join("")}default: ${this.#fail(value, `{ branch: value }, with a branch of ${this.#branches(node)}`, path)}}\n}\n`
    );
  }

  #record(node: RecordNode, value: string, path: string): string {
    const use = this.#uses.get(node);
    if (use?.once === true) return `{\n${this.#fields(node, value, path)}}\n`;
    let name = this.#functionOf.get(node);
    if (name === undefined) {
      name = this.#names.fresh("f");
      this.#functionOf.set(node, name);
      const body = this.#fields(node, "v", node.fullName);
      this.functions.push(
        `const ${name} = (b, p, v) => {\nfit.enter();\n${body}fit.leave();\nreturn p;\n};\n`,
      );
    }
    return `p = ${name}(b, p, ${value});\n`;
  }

  #fields(node: RecordNode, value: string, path: string): string {
    let code = this.#unless(isBucket.object(value), value, "an object", path);
    for (const field of node.fields) {
      const name = this.#names.fresh("v");
      const fallback = defaultCode(field, this.#form);
      const read = propertyRead(value, field.name);
      code +=
        fallback === undefined
          ? `const ${name} = ${read};\n`
          : `let ${name} = ${read};\nif (${name} === undefined) ${name} = ${fallback};\n`;
      code += this.#write(field.type, name, `${path}.${field.name}`);
    }
    return code;
  }

  #branches(node: UnionNode): string {
    return node.branches.map(nameOf).join(" or ");
  }

  #unless(condition: string, value: string, expected: string, path: string): string {
    return `if (!(${condition})) ${this.#fail(value, expected, path)}`;
  }

  #fail(value: string, expected: string, path: string): string {
    return `fit.fail(${value}, ${JSON.stringify(expected)}, ${JSON.stringify(path)});\n`;
  }
}

/** Every object inherits some names, "constructor" for example: those are of the value only where they are its own. */
const propertyRead = (value: string, name: string): string => {
  const text = JSON.stringify(name);
  return name in Object.prototype
    ? `(Object.hasOwn(${value}, ${text}) ? ${value}[${text}] : undefined)`
    : `${value}[${text}]`;
};
