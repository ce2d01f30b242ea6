import { explainAvro, schemaRegistry, type SchemaRegistryOptions } from "@millrace/avro";
import { fetchedInTime } from "./fetched-in-time.ts";
import { oneLine } from "./printable.ts";

/** How long a registry may take before a letter is shown without its help, ms. */
const patienceMs = 5_000;
/** Magic and schema id. */
const framing = 5;

/**
 * A value in Confluent's framing, field by field up to the one that can't be read. Undefined when it is not in that
 * framing.
 */
export const decodeAvro = async (
  value: Buffer,
  options: SchemaRegistryOptions,
): Promise<readonly string[] | undefined> => {
  if (value.length < framing || value[0] !== 0) return undefined;
  const id = value.readInt32BE(1);
  const registry = schemaRegistry({ ...options, deadlineMs: patienceMs });
  if (!(await fetchedInTime(registry, id, patienceMs)))
    return [`Avro schema ${id}: the registry at ${registry.url} gave no answer within ${patienceMs} ms`];
  try {
    const { name, fields, left } = explainAvro(registry.writerSchema(id), value, framing, value.length);
    return [
      `Avro schema ${id}, ${name}`,
      ...fields.map((field) => `  ${field.name}: ${"text" in field ? oneLine(field.text) : field.problem}`),
      ...(left > 0 ? [`  and ${left} bytes too many`] : []),
    ];
  } catch (error) {
    return [`Avro schema ${id}: ${messageOf(error)}`];
  }
};

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
