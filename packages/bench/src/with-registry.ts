import { type SchemaRegistry, schemaRegistry } from "@millrace/avro";
import { startRegistry } from "@millrace/devstack";
import { say } from "./say.ts";

interface StartedRegistry {
  readonly registry: SchemaRegistry;
  readonly registryUrl: string;
}

/** Lets `use` have a schema registry, which is stopped after. */
export const withRegistry = async (use: (started: StartedRegistry) => Promise<void>): Promise<void> => {
  const server = await startRegistry({ onProgress: say });
  try {
    await use({ registry: schemaRegistry({ url: server.address }), registryUrl: server.address });
  } finally {
    await server.stop();
  }
};
