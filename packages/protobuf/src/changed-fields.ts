import protobuf, { type Field } from "protobufjs";
import type { ProtoFile } from "./proto-file.ts";

/** Types whose bytes are read as one another's. */
const alike: readonly (readonly string[])[] = [
  ["int32", "uint32", "int64", "uint64", "bool"],
  ["sint32", "sint64"],
  ["fixed32", "sfixed32"],
  ["fixed64", "sfixed64"],
  ["string", "bytes"],
];

/**
 * What `reader` can't read of what `writer` wrote: messages that are gone, numbers that mean another type now, and required
 * fields that are new. Fields may come and go otherwise.
 */
export const changedFields = (reader: ProtoFile, writer: ProtoFile): readonly string[] =>
  writer.messages.flatMap(({ fullName }) => {
    if (!reader.messages.some((message) => message.fullName === fullName))
      return [`message ${fullName} is gone`];
    const mine = reader.root.lookupType(fullName);
    const theirs = writer.root.lookupType(fullName);
    const written = new Map(theirs.fieldsArray.map((field) => [field.id, field.resolve()]));
    return mine.fieldsArray.flatMap((field) => {
      const old = written.get(field.id);
      const named = `${fullName}.${field.name}`;
      if (old === undefined) return field.required ? [`${named} is required now`] : [];
      const [from, to] = [kindOf(old), kindOf(field.resolve())];
      return from === to || alike.some((types) => types.includes(from) && types.includes(to))
        ? []
        : [`${named}: ${from} became ${to}`];
    });
  });

const kindOf = (field: Field): string => {
  if (field.map) return "map";
  if (field.resolvedType instanceof protobuf.Enum) return "int32";
  return field.resolvedType === null ? field.type : field.resolvedType.fullName.slice(1);
};
