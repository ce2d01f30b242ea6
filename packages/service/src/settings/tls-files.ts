import { readFileSync } from "node:fs";
import { createSecureContext } from "node:tls";
import type { Environment } from "./environment.ts";

/** Who is trusted, and who we are: PEM texts. What is not given is not there. */
export interface TlsFiles {
  readonly ca?: string[];
  readonly cert?: string;
  readonly key?: string;
  readonly passphrase?: string;
}

/** The variables of files that are set, by name, and what is in those that can be read. */
export interface TlsFilesRead {
  readonly given: readonly string[];
  readonly files: TlsFiles;
}

/**
 * `<prefix>_CA` (who is trusted, in place of the system's own), `<prefix>_CERT` and `<prefix>_KEY` (who we are; the key
 * may need `<prefix>_KEY_PASSPHRASE`), as paths of PEM files. They are read, and checked to belong together, before
 * anything connects.
 */
export const tlsFiles = (environment: Environment, prefix: string): TlsFilesRead => {
  const [CA, CERT, KEY] = [`${prefix}_CA`, `${prefix}_CERT`, `${prefix}_KEY`] as const;
  const given = [CA, CERT, KEY].filter((name) => environment.optional(name) !== undefined);
  const ca = pemFile(environment, CA);
  const cert = pemFile(environment, CERT);
  const key = pemFile(environment, KEY);
  const passphrase = environment.optional(`${KEY}_PASSPHRASE`);
  if (given.includes(CERT) !== given.includes(KEY))
    environment.problem(`${CERT} and ${KEY} belong together: set both, or neither`);
  if (passphrase !== undefined && !given.includes(KEY))
    environment.problem(`${KEY}_PASSPHRASE is set, and ${KEY} is not: there is no key that it would open`);
  const files: TlsFiles = {
    ...(ca !== undefined && { ca: [ca] }),
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
    ...(passphrase !== undefined && { passphrase }),
  };
  if (given.length === 0) return { given, files };
  try {
    createSecureContext(files);
  } catch (error) {
    environment.problem(
      `${given.join(", ")} can't be used for TLS: ${error instanceof Error ? error.message : String(error)}; ` +
        `they must be PEM files, the key that of the certificate, with ${KEY}_PASSPHRASE if it has one`,
    );
  }
  return { given, files };
};

const pemFile = (environment: Environment, name: string): string | undefined => {
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
