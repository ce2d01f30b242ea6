import { explainAvro, schemaRegistry, type SchemaRegistryOptions } from "@millrace/avro";
import { fetchedInTime } from "./fetched-in-time.ts";

/** How long a registry may take for one schema, ms. */
const patienceMs = 5_000;
/** Magic and schema id. */
const framing = 5;

/**
 * Reads values in Confluent's framing as Avro's JSON encoding has them, by the schemas that they were written with. Answers
 * undefined for what is not in that framing. Rejects where a registry does not know the schema, or does not answer in time,
 * which it is given once for each schema, and where the bytes are not what the schema says.
 */
export const avroJson = (
  options: SchemaRegistryOptions,
): ((value: Buffer) => Promise<string | undefined>) => {
  const registry = schemaRegistry({ ...options, deadlineMs: patienceMs });
  const silent = new Set<number>();
  return async (value) => {
    if (value.length < framing || value[0] !== 0) return undefined;
    const id = value.readInt32BE(1);
    if (silent.has(id) || !(await fetchedInTime(registry, id, patienceMs))) {
      silent.add(id);
      throw new Error(`the registry at ${registry.url} did not say what Avro schema ${id} is`);
    }
    const schema = registry.writerSchema(id);
    const { fields, left } = explainAvro(schema, value, framing, value.length);
    const texts = fields.map((field) => {
      if ("text" in field) return [field.name, field.text] as const;
      throw new Error(`${field.name}: ${field.problem}`);
    });
    if (left > 0) throw new Error(`${left} bytes are too many for Avro schema ${id}`);
    return isRecord(schema.schema)
      ? `{${texts.map(([name, text]) => `${JSON.stringify(name)}:${text}`).join(",")}}`
      : (texts[0]?.[1] ?? "null");
  };
};

const isRecord = (schema: string): boolean => {
  const said: unknown = JSON.parse(schema);
  return typeof said === "object" && said !== null && "type" in said && said.type === "record";
};
