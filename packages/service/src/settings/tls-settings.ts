import type { ConnectionOptions } from "node:tls";
import type { Environment } from "./environment.ts";
import { tlsFiles } from "./tls-files.ts";

/** `KAFKA_SSL`, and beside it the files of `KAFKA_SSL_CA`, `KAFKA_SSL_CERT`, `KAFKA_SSL_KEY`. */
export const tlsSettings = (environment: Environment): boolean | ConnectionOptions => {
  const asked = environment.boolean("KAFKA_SSL", false);
  const { given, files } = tlsFiles(environment, "KAFKA_SSL");
  if (asked) return given.length === 0 ? true : { ...files };
  if (given.length > 0)
    environment.problem(`${given.join(", ")} is set, and KAFKA_SSL is not true; set KAFKA_SSL=true`);
  return false;
};
