import { AvroError } from "../avro-error.ts";
import { messageOf } from "../message-of.ts";

/** What `make` compiles for a schema. Throws INVALID_SCHEMA where it is too much for JavaScript: nested too deeply. */
export const compilable = <T>(name: string, make: () => T): T => {
  try {
    return make();
  } catch (error) {
    if (error instanceof AvroError) throw error;
    throw new AvroError("INVALID_SCHEMA", `the schema of ${name} can't be compiled: ${messageOf(error)}`, {
      cause: error,
    });
  }
};
