import type { SchemaRegistry } from "@millrace/avro";

/**
 * Has the schema with that id fetched; whether an answer came in time, be it that there is none. What does not come holds
 * nothing up: it is asked for as long as the process lives.
 */
export const fetchedInTime = async (
  registry: SchemaRegistry,
  id: number,
  patienceMs: number,
): Promise<boolean> => {
  const answer = registry.fetchSchema(id);
  if (answer === undefined) return true;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), patienceMs);
  });
  const inTime = await Promise.race([answer.then(() => true), late]);
  clearTimeout(timer);
  return inTime;
};
