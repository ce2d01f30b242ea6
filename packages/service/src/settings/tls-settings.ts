import { readFileSync } from "node:fs";
import { type ConnectionOptions, createSecureContext } from "node:tls";
import type { Environment } from "./environment.ts";

/**
 * `KAFKA_SSL`, and beside it, as paths of PEM files, `KAFKA_SSL_CA` (who is trusted, in place of the system's own),
 * `KAFKA_SSL_CERT` and `KAFKA_SSL_KEY` (who we are; the key may need `KAFKA_SSL_KEY_PASSPHRASE`). They are read, and
 * checked to belong together, before anything connects.
 */
export const tlsSettings = (environment: Environment): boolean | ConnectionOptions => {
  const asked = environment.boolean("KAFKA_SSL", false);
  const ca = pemFile(environment, "KAFKA_SSL_CA");
  const cert = pemFile(environment, "KAFKA_SSL_CERT");
  const key = pemFile(environment, "KAFKA_SSL_KEY");
  const passphrase = environment.optional("KAFKA_SSL_KEY_PASSPHRASE");
  const given = files.filter((name) => environment.optional(name) !== undefined);
  if (!asked) {
    if (given.length > 0)
      environment.problem(`${given.join(", ")} is set, and KAFKA_SSL is not true; set KAFKA_SSL=true`);
    return false;
  }
  if (given.includes("KAFKA_SSL_CERT") !== given.includes("KAFKA_SSL_KEY"))
    environment.problem("KAFKA_SSL_CERT and KAFKA_SSL_KEY belong together: set both, or neither");
  const options: ConnectionOptions = {
    ...(ca !== undefined && { ca: [ca] }),
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
    ...(passphrase !== undefined && { passphrase }),
  };
  if (Object.keys(options).length === 0) return true;
  try {
    createSecureContext(options);
  } catch (error) {
    environment.problem(
      `${given.join(", ")} can't be used for TLS: ${error instanceof Error ? error.message : String(error)}; ` +
        "they must be PEM files, the key that of the certificate, with KAFKA_SSL_KEY_PASSPHRASE if it has one",
    );
  }
  return options;
};

const files = ["KAFKA_SSL_CA", "KAFKA_SSL_CERT", "KAFKA_SSL_KEY"] as const;

const pemFile = (environment: Environment, name: (typeof files)[number]): string | undefined => {
  const path = environment.optional(name);
  if (path === undefined) return undefined;
  try {
    const text = readFileSync(path, "utf8");
    if (text.includes("-----BEGIN ")) return text;
    environment.problem(`${name} is "${path}"; it must be a PEM file, and that one has no -----BEGIN`);
  } catch (error) {
    environment.problem(
      `${name} is "${path}"; it must be a PEM file that can be read: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  return undefined;
};
