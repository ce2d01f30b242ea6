import fc from "fast-check";
import { nameOf, type SchemaNode } from "../../src/schema/schema-node.ts";

/** Values of a schema, with longs as bigints and every union's branch named. */
export const valuesOf = (node: SchemaNode, depth = 0): fc.Arbitrary<unknown> => {
  switch (node.kind) {
    case "null":
      return fc.constant(null);
    case "boolean":
      return fc.boolean();
    case "int":
      return fc.oneof(fc.integer(), fc.integer({ min: -70, max: 70 }));
    case "long":
      return fc.oneof(
        fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
        fc.bigInt({ min: -(2n ** 54n), max: 2n ** 54n }),
        fc.bigInt({ min: -(2n ** 30n), max: 2n ** 30n }),
      );
    case "float":
      return fc.float();
    case "double":
      return fc.double();
    case "bytes":
      return fc.uint8Array({ maxLength: 5 });
    case "fixed":
      return fc.uint8Array({ minLength: node.size, maxLength: node.size });
    case "string":
      return fc.oneof(
        fc.string({ maxLength: 4 }),
        fc.string({ unit: "grapheme", maxLength: 12 }),
        fc.string({ minLength: 40, maxLength: 70 }),
      );
    case "enum":
      return fc.constantFrom(...node.symbols);
    case "array":
      return fc.array(valuesOf(node.items, depth + 1), { maxLength: depth > 2 ? 1 : 3 });
    case "map":
      return fc.dictionary(fc.string({ maxLength: 3 }), valuesOf(node.values, depth + 1), {
        maxKeys: depth > 2 ? 1 : 3,
        noNullPrototype: true,
      });
    case "union":
      return fc.oneof(
        ...node.branches
          // Recursive schemas end somewhere.
          .filter(
            (branch) =>
              depth < 4 || branch.kind === "null" || node.branches.every(({ kind }) => kind !== "null"),
          )
          .map((branch) =>
            branch.kind === "null"
              ? fc.constant(null)
              : valuesOf(branch, depth + 1).map((value) => ({ [nameOf(branch)]: value })),
          ),
      );
    case "record":
      return fc.record(
        Object.fromEntries(node.fields.map((field) => [field.name, valuesOf(field.type, depth + 1)])),
        { noNullPrototype: true },
      );
  }
};
