import { nameOf, type SchemaNode } from "../../src/schema/schema-node.ts";

const view = new DataView(new ArrayBuffer(8));

/** A value that was read with every union's branch named, as AvroVectors.java writes it. */
export const valueText = (node: SchemaNode, value: unknown): string => {
  switch (node.kind) {
    case "null":
    case "boolean":
    case "int":
    case "long":
      return String(value);
    case "float":
      view.setFloat32(0, value as number);
      return `f${(Number.isNaN(value) ? 0x7fc00000 : view.getUint32(0)).toString(16)}`;
    case "double":
      view.setFloat64(0, value as number);
      return `d${(Number.isNaN(value) ? 0x7ff8000000000000n : view.getBigUint64(0)).toString(16)}`;
    case "bytes":
    case "fixed":
      return `x${Buffer.from(value as Uint8Array).toString("hex")}`;
    case "string":
    case "enum":
      return quoted(value as string);
    case "array":
      return `[${(value as readonly unknown[]).map((item) => `${valueText(node.items, item)} `).join("")}]`;
    case "map":
      return `(${Object.entries(value as object)
        .toSorted(([a], [b]) => (a < b ? -1 : 1))
        .map(([key, item]) => `${quoted(key)}=${valueText(node.values, item)} `)
        .join("")})`;
    case "union": {
      const [name, inner] = value === null ? ["null", null] : Object.entries(value as object)[0]!;
      return `<${name}>${valueText(
        node.branches.find((branch) => nameOf(branch) === name)!,
        inner,
      )}`;
    }
    case "record":
      return `{${node.fields
        .map(
          ({ name, type }) =>
            `${name}=${valueText(type, (value as Readonly<Record<string, unknown>>)[name])} `,
        )
        .join("")}}`;
  }
};

const quoted = (text: string): string =>
  `"${text.replaceAll(/[^0-9a-zA-Z]/g, (char) => `\\${char.charCodeAt(0).toString(16)};`)}"`;
