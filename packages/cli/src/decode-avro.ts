import { schemaRegistry } from "@millrace/avro";
import type { Type, types } from "avsc";
import { oneLine } from "./printable.ts";

/** How long a registry may take before a letter is shown without its help, ms. */
const patienceMs = 5_000;

/**
 * A value in Confluent's framing, field by field up to the one that can't be read. Undefined when it is not in that
 * framing.
 */
export const decodeAvro = async (
  value: Buffer,
  registryUrl: string,
): Promise<readonly string[] | undefined> => {
  if (value.length < 5 || value[0] !== 0) return undefined;
  const id = value.readInt32BE(1);
  const registry = schemaRegistry({ url: registryUrl, deadlineMs: patienceMs });
  if (!(await within(patienceMs, registry.fetchSchema(id))))
    return [`Avro schema ${id}: the registry at ${registry.url} gave no answer within ${patienceMs} ms`];
  let type: Type;
  try {
    type = registry.writerSchema(id);
  } catch (error) {
    return [`Avro schema ${id}: ${messageOf(error)}`];
  }
  return [`Avro schema ${id}, ${type.name ?? type.typeName}`, ...decoded(type, value)];
};

const decoded = (type: Type, value: Buffer): readonly string[] => {
  const lines: string[] = [];
  let at = 5;
  /** Whether it could be read. */
  const read = (name: string, of: Type): boolean => {
    try {
      const { value: found, offset } = of.decode(value, at);
      if (offset < 0) {
        lines.push(`  ${name}: the bytes end here, at ${at} of ${value.length}`);
        return false;
      }
      at = offset;
      lines.push(`  ${name}: ${oneLine(of.toString(found))}`);
      return true;
    } catch (error) {
      lines.push(`  ${name}: unreadable at byte ${at}: ${messageOf(error)}`);
      return false;
    }
  };
  const complete = isRecord(type)
    ? type.fields.every((field) => read(field.name, field.type))
    : read("value", type);
  if (complete && at < value.length) lines.push(`  and ${value.length - at} bytes too many`);
  return lines;
};

const isRecord = (type: Type): type is types.RecordType => type.typeName === "record";

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Whether it came in time. What does not come holds nothing up: the process ends without it. */
const within = async (ms: number, answer: Promise<void> | undefined): Promise<boolean> => {
  if (answer === undefined) return true;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), ms);
  });
  const inTime = await Promise.race([answer.then(() => true), late]);
  clearTimeout(timer);
  return inTime;
};
