import type { RecordNode, SchemaNode } from "../schema/schema-node.ts";
import { minBytes } from "./min-bytes.ts";
import { intCode, lengthCode, longCode, type Names } from "./varint-code.ts";

/** Statements that pass over what a writer's schema says, for fields that the reader does not have. */
export class SkipCode {
  readonly #names: Names;
  readonly #functions: string[];
  readonly #least: Map<SchemaNode, number>;
  readonly #functionOf = new Map<RecordNode, string>();

  constructor(names: Names, functions: string[], least: Map<SchemaNode, number>) {
    this.#names = names;
    this.#functions = functions;
    this.#least = least;
  }

  code(node: SchemaNode): string {
    switch (node.kind) {
      case "null":
        return "";
      case "boolean":
        return advance(1);
      case "float":
        return advance(4);
      case "double":
        return advance(8);
      case "fixed":
        return advance(node.size);
      case "int":
      case "enum": {
        const number = this.#names.fresh("n");
        return `let ${number};\n${intCode(number)}`;
      }
      case "long":
        return `p = r.skipLong(c, b, p, e);\n`;
      case "bytes":
      case "string": {
        const length = this.#names.fresh("n");
        return `${lengthCode(length)}p += ${length};\n`;
      }
      case "array":
        return this.blocks(minBytes(node.items, this.#least), this.code(node.items), true);
      case "map":
        return this.blocks(
          1 + minBytes(node.values, this.#least),
          this.code({ kind: "string", logical: undefined }) + this.code(node.values),
          true,
        );
      case "union": {
        const index = this.#names.fresh("n");
        const cases = node.branches.map((branch, i) => `case ${i}: {\n${this.code(branch)}break;\n}\n`);
        return (
          `let ${index};\n${intCode(index)}switch (${index}) {\n${cases.join("")}` +
          `default: c.noBranch(${index}, ${node.branches.length}, "a field that is skipped");\n}\n`
        );
      }
      case "record":
        return `p = ${this.#record(node)}(b, p, e);\n`;
    }
  }

  /**
   * The blocks of an array or map, with `item` for each item. A count is believed only as far as the bytes go: an item
   * takes `least` of them.
   */
  blocks(least: number, item: string, jump = false): string {
    const count = this.#names.fresh("n");
    const size = this.#names.fresh("n");
    const i = this.#names.fresh("i");
    const bound =
      least === 0 ? `c.emptyItems(${count});\n` : `if (${count} > (e - p) / ${least}) c.truncated();\n`;
    return (
      `for (;;) {\nlet ${count};\n${longCode(count, "number")}if (${count} === 0) break;\n` +
      // A negative count is followed by the block's size in bytes.
      `if (${count} < 0) {\n${count} = -${count};\n${lengthCode(size)}${jump ? `p += ${size};\ncontinue;\n` : ""}}\n` +
      `${bound}for (let ${i} = 0; ${i} < ${count}; ${i}++) {\n${item}}\n}\n`
    );
  }

  #record(node: RecordNode): string {
    let name = this.#functionOf.get(node);
    if (name === undefined) {
      name = this.#names.fresh("s");
      this.#functionOf.set(node, name);
      const body = node.fields.map((field) => this.code(field.type)).join("");
      this.#functions.push(`const ${name} = (b, p, e) => {\nc.enter();\n${body}c.leave();\nreturn p;\n};\n`);
    }
    return name;
  }
}

const advance = (bytes: number): string => `if (e - p < ${bytes}) c.truncated();\np += ${bytes};\n`;
