import { isValidDefault } from "../schema/default-value.ts";
import type { FieldNode, SchemaNode } from "../schema/schema-node.ts";
import { decimalText } from "./decimal-text.ts";
import { propertyCode } from "./property-code.ts";
import { isDecimalText, type ValueForm, wrapping } from "./value-form.ts";

/**
 * An expression that makes the field's default anew each time; undefined where it has none that is a value of its type
 * in this form.
 */
export const defaultCode = (field: FieldNode, form: ValueForm): string | undefined =>
  field.default !== undefined && isValidDefault(field.type, field.default)
    ? code(field.type, field.default, form)
    : undefined;

const code = (node: SchemaNode, json: unknown, form: ValueForm): string | undefined => {
  switch (node.kind) {
    case "null":
    case "boolean":
      return String(json);
    case "int":
    case "double":
      return numberCode(Number(json));
    case "float":
      return numberCode(Math.fround(Number(json)));
    case "long":
      if (form.longs === "bigint") return `${BigInt(json as number | bigint)}n`;
      return typeof json === "number" ? numberCode(json) : undefined;
    case "string":
    case "enum":
      return JSON.stringify(json);
    case "bytes":
    case "fixed": {
      const bytes = latin1(json as string, node.kind === "fixed" ? node.size : undefined);
      return isDecimalText(node, form)
        ? JSON.stringify(decimalText(bytes, node.logical!.scale))
        : `Buffer.from("${bytes.toString("hex")}", "hex")`;
    }
    case "array":
      return list(
        "[",
        (json as readonly unknown[]).map((item) => code(node.items, item, form)),
        "]",
      );
    case "map":
      return object(
        Object.entries(json as object).map(([key, value]) => [key, code(node.values, value, form)]),
      );
    case "union": {
      const branch = node.branches.find((one) => isValidDefault(one, json))!;
      const value = code(branch, json, form);
      const key = wrapping(branch, node, form);
      return key === undefined ? value : object([[key, value]]);
    }
    case "record":
      return object(
        node.fields.map((field) => {
          const own = Object.hasOwn(json as object, field.name);
          const value = own ? (json as Readonly<Record<string, unknown>>)[field.name] : field.default;
          return [field.name, code(field.type, value, form)];
        }),
      );
  }
};

const object = (entries: readonly (readonly [string, string | undefined])[]): string | undefined =>
  list(
    "{",
    entries.map(([key, value]) => (value === undefined ? undefined : propertyCode(key, value))),
    "}",
  );

const list = (open: string, items: readonly (string | undefined)[], close: string): string | undefined =>
  items.includes(undefined) ? undefined : `${open}${items.join(", ")}${close}`;

const numberCode = (value: number): string => (Object.is(value, -0) ? "-0" : String(value));

/** A JSON string stands for bytes by its code points; Java pads a fixed, or cuts it. */
const latin1 = (text: string, size: number | undefined): Buffer => {
  const bytes = Buffer.from(text, "latin1");
  return size === undefined ? bytes : Buffer.concat([bytes], size);
};
