import type { Component, StartOptions } from "./component.ts";
import { registryInDocker, noDocker } from "./docker.ts";
import { climb } from "./ladder.ts";
import { registryOnJvm } from "./registry-jvm.ts";
import { simulatedRegistry } from "./simulated-registry.ts";

/** Starts a schema registry that speaks Confluent's API, or finds the one that `SCHEMA_REGISTRY_URL` names. */
export const startRegistry = (options: StartOptions = {}): Promise<Component> =>
  climb(
    "the schema registry",
    [
      {
        rung: "given",
        missing: "SCHEMA_REGISTRY_URL is not set",
        start: async () => {
          const url = process.env["SCHEMA_REGISTRY_URL"];
          if (url === undefined || url === "") return null;
          return {
            name: "registry",
            rung: "given",
            address: url,
            detail: "SCHEMA_REGISTRY_URL",
            stop: async () => undefined,
          };
        },
      },
      { rung: "docker", start: registryInDocker, missing: noDocker },
      { rung: "jvm", start: registryOnJvm },
      { rung: "simulated", start: simulatedRegistry },
    ],
    options,
  );
