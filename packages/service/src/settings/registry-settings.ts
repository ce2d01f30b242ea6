import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import type { RegistryAuth } from "@millrace/schema-registry";
import type { Environment } from "./environment.ts";
import { type TlsFiles, tlsFiles } from "./tls-files.ts";

/** How to reach a schema registry: options of `schemaRegistry(...)`. */
export interface RegistrySettings extends TlsFiles {
  /** Of one registry; the next is asked where one does not answer. */
  readonly url: readonly string[];
  readonly auth?: RegistryAuth;
}

const prefix = "SCHEMA_REGISTRY";

/**
 * `SCHEMA_REGISTRY_URL` (several separated by commas), and who asks: `SCHEMA_REGISTRY_USERNAME` and
 * `SCHEMA_REGISTRY_PASSWORD`, or `SCHEMA_REGISTRY_TOKEN`, or `SCHEMA_REGISTRY_TOKEN_FILE`, which is read before each
 * request, so that the token in it may change; a user in the URL will do, too. `SCHEMA_REGISTRY_SSL_CA`, `_CERT` and
 * `_KEY` are PEM files.
 */
export const registrySettings = (environment: Environment): RegistrySettings => {
  const url = environment.urls(`${prefix}_URL`, "the URL of a schema registry");
  const { given, files } = tlsFiles(environment, `${prefix}_SSL`);
  if (given.length > 0 && url.length > 0 && !url.some((text) => text.startsWith("https:")))
    environment.problem(`${given.join(", ")} is set, and no address in ${prefix}_URL begins with https:`);
  const auth = authOf(environment);
  if (auth !== undefined && url.some((text) => URL.parse(text)?.username))
    environment.problem(
      `${prefix}_URL names a user, and ${auth.by} says who asks, too: take one of the two away`,
    );
  return { url, ...files, ...(auth && { auth: auth.auth }) };
};

const authOf = (
  environment: Environment,
): { readonly auth: RegistryAuth; readonly by: string } | undefined => {
  const [username, password, token, file] = [
    `${prefix}_USERNAME`,
    `${prefix}_PASSWORD`,
    `${prefix}_TOKEN`,
    `${prefix}_TOKEN_FILE`,
  ] as const;
  const set = [username, token, file].filter((name) => environment.optional(name) !== undefined);
  const [by, another] = set;
  if (by !== undefined && another !== undefined)
    environment.problem(`${set.join(" and ")} are set; there can be only one of them`);
  if (by !== username && environment.optional(password) !== undefined)
    environment.problem(`${password} is set, and ${username} is not`);
  if (by === undefined) return undefined;
  if (by === username)
    return {
      by,
      auth: {
        username: environment.optional(username) ?? "",
        password: environment.required(password, `set with ${username}`),
      },
    };
  const value = environment.optional(by) ?? "";
  return { by, auth: { token: by === token ? value : tokenFile(environment, by, value) } };
};

/** Read at once, too, so that a file that is not there is found before anything connects. */
const tokenFile = (environment: Environment, name: string, path: string): (() => Promise<string>) => {
  try {
    if (readFileSync(path, "utf8").trim() === "")
      environment.problem(`${name} is "${path}"; it must be a file with a token, and that one is empty`);
  } catch (error) {
    environment.problem(
      `${name} is "${path}"; it must be a file that can be read: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  return async () => (await readFile(path, "utf8")).trim();
};
