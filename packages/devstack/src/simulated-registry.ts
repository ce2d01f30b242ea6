import { avroLanguage } from "@millrace/avro";
import { startRegistryServer } from "@millrace/schema-registry/testing";
import type { Component } from "./component.ts";

/** The part of Confluent's schema registry API that serdes use, in this process. It judges schemas, and keeps nothing. */
export const simulatedRegistry = async (): Promise<Component> => {
  const server = await startRegistryServer({ languages: [avroLanguage] });
  return {
    name: "registry",
    rung: "simulated",
    address: server.url,
    detail: "a schema registry simulated in this process",
    stop: () => server.stop(),
  };
};
