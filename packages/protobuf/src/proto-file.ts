import type { ReferencedSchema } from "@millrace/schema-registry";
import protobuf, { type Namespace, type Root, type Type } from "protobufjs";
import { ProtobufError } from "./protobuf-error.ts";

/** A .proto file, and the messages in it by the indexes that Confluent's framing names them by. */
export interface ProtoFile {
  /** With all that it imports. */
  readonly root: Root;
  /** Full names of the file's own messages, nested ones too, by their indexes: `[0]`, `[1, 0]`, ... */
  readonly messages: readonly { readonly fullName: string; readonly indexes: readonly number[] }[];
}

/**
 * Parses a .proto file. Imports are the references by their names, and Google's well-known types. Throws INVALID_SCHEMA.
 */
export const protoFile = (text: string, references: readonly ReferencedSchema[]): ProtoFile => {
  try {
    const root = new protobuf.Root();
    for (const reference of references) load(root, reference.schema);
    load(root, text);
    root.resolveAll();
    return { root, messages: messagesIn(text) };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ProtobufError("INVALID_SCHEMA", `not a .proto file: ${reason}`, { cause: error });
  }
};

const load = (root: Root, text: string): void => {
  const { imports = [], weakImports = [] } = protobuf.parse(text, root);
  for (const name of [...imports, ...weakImports]) {
    const known = protobuf.common.get(name);
    if (known?.nested !== undefined) root.addJSON(known.nested);
  }
};

/** By themselves, so that imported messages of the same package are not counted. */
const messagesIn = (text: string): ProtoFile["messages"] => {
  const root = new protobuf.Root();
  const parsed = protobuf.parse(text, root);
  const top = parsed.package === undefined || parsed.package === null ? root : root.lookup(parsed.package);
  const found: { fullName: string; indexes: readonly number[] }[] = [];
  const visit = (namespace: Namespace, above: readonly number[]): void => {
    const types = namespace.nestedArray.filter((object): object is Type => object instanceof protobuf.Type);
    for (const [index, type] of types.entries()) {
      const indexes = [...above, index];
      found.push({ fullName: type.fullName.replace(/^\./, ""), indexes });
      visit(type, indexes);
    }
  };
  visit(top as Namespace, []);
  return found;
};
