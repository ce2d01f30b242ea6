import type { RegistryCredentials } from "./http-requester.ts";
import { SchemaRegistryError } from "./registry-error.ts";

/** Where a registry is. */
export interface Addresses {
  /** Without credentials and a slash at the end; at least one. */
  readonly urls: readonly string[];
  readonly credentials: RegistryCredentials | undefined;
}

/** The addresses in a setting: one, a list, or one text with commas. Throws SCHEMA_REGISTRY on what is no URL. */
export const addressesOf = (setting: string | readonly string[]): Addresses => {
  const texts = (typeof setting === "string" ? [setting] : setting)
    .flatMap((text) => text.split(","))
    .map((text) => text.trim())
    .filter((text) => text !== "");
  if (texts.length === 0)
    throw new SchemaRegistryError("SCHEMA_REGISTRY", "no URL of a schema registry is given");
  const parsed = texts.map(parse);
  return {
    urls: parsed.map(({ base }) => base),
    credentials: parsed.find(({ credentials }) => credentials !== undefined)?.credentials,
  };
};

const parse = (
  text: string,
): { readonly base: string; readonly credentials: RegistryCredentials | undefined } => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol))
    throw new SchemaRegistryError(
      "SCHEMA_REGISTRY",
      `"${text.replace(/\/\/.*@/, "//")}" is no URL of a schema registry, such as http://localhost:8081`,
    );
  const { username, password } = url;
  url.username = "";
  url.password = "";
  const base = url.href.replace(/\/$/, "");
  if (username === "") return { base, credentials: undefined };
  return {
    base,
    credentials: { username: decoded(username), password: decoded(password) },
  };
};

/** A percent sign that begins nothing stands for itself, as browsers take it. */
const decoded = (text: string): string =>
  text.replaceAll(/(?:%[\da-f]{2})+/gi, (encoded) => {
    try {
      return decodeURIComponent(encoded);
    } catch {
      // No UTF-8: it was meant as it stands.
      return encoded;
    }
  });
