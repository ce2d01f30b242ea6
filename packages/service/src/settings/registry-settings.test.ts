import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Environment } from "./environment.ts";
import { registrySettings } from "./registry-settings.ts";

let folder = "";
const file = (name: string): string => join(folder, name);
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "registry-settings-"));
  writeFileSync(file("token"), "first\n");
  writeFileSync(file("empty"), "\n");
});
afterAll(() => rmSync(folder, { recursive: true }));

const read = (variables: Readonly<Record<string, string>>) => {
  const environment = new Environment(variables);
  const settings = registrySettings(environment);
  environment.check();
  return settings;
};
const SCHEMA_REGISTRY_URL = "https://registry:8081";

test("takes one address or several, and needs one", () => {
  expect(read({ SCHEMA_REGISTRY_URL })).toEqual({ url: ["https://registry:8081"] });
  expect(read({ SCHEMA_REGISTRY_URL: " http://a:1/apis/ccompat/v7, https://me:secret@b " }).url).toEqual([
    "http://a:1/apis/ccompat/v7",
    "https://me:secret@b",
  ]);
  expect(() => read({})).toThrow("SCHEMA_REGISTRY_URL is not set; it must be the URL of a schema registry");
});

test.each(["registry:8081", "ftp://registry", "http://", " , ", "http://a,b"])("refuses %s", (text) => {
  expect(() => read({ SCHEMA_REGISTRY_URL: text })).toThrow(
    /SCHEMA_REGISTRY_URL is ".*"; it must be the URL/,
  );
});

test("does not say the password in what it refuses", () => {
  expect(() => read({ SCHEMA_REGISTRY_URL: "ftp://me:secret@registry" })).toThrow('"ftp://***@registry"');
});

test("asks as a user, or as the bearer of a token", () => {
  expect(
    read({ SCHEMA_REGISTRY_URL, SCHEMA_REGISTRY_USERNAME: "me", SCHEMA_REGISTRY_PASSWORD: "secret" }).auth,
  ).toEqual({ username: "me", password: "secret" });
  expect(read({ SCHEMA_REGISTRY_URL, SCHEMA_REGISTRY_TOKEN: "abc" }).auth).toEqual({ token: "abc" });
});

test("reads a token's file anew for each request", async () => {
  const { auth } = read({ SCHEMA_REGISTRY_URL, SCHEMA_REGISTRY_TOKEN_FILE: file("token") });
  const token = auth !== undefined && "token" in auth ? auth.token : "";
  if (typeof token === "string") throw new Error("it does not change");
  expect(await token()).toBe("first");
  writeFileSync(file("token"), "second");
  expect(await token()).toBe("second");
});

test.each([
  [{ SCHEMA_REGISTRY_USERNAME: "me" }, "SCHEMA_REGISTRY_PASSWORD is not set; it must be set with"],
  [{ SCHEMA_REGISTRY_PASSWORD: "x" }, "SCHEMA_REGISTRY_PASSWORD is set, and SCHEMA_REGISTRY_USERNAME is not"],
  [
    { SCHEMA_REGISTRY_TOKEN: "a", SCHEMA_REGISTRY_PASSWORD: "x" },
    "SCHEMA_REGISTRY_PASSWORD is set, and SCHEMA_REGISTRY_USERNAME is not",
  ],
  [
    { SCHEMA_REGISTRY_TOKEN: "a", SCHEMA_REGISTRY_USERNAME: "me", SCHEMA_REGISTRY_PASSWORD: "x" },
    "SCHEMA_REGISTRY_USERNAME and SCHEMA_REGISTRY_TOKEN are set; there can be only one of them",
  ],
  [
    { SCHEMA_REGISTRY_URL: "https://you:x@registry", SCHEMA_REGISTRY_TOKEN: "a" },
    "SCHEMA_REGISTRY_URL names a user, and SCHEMA_REGISTRY_TOKEN says who asks, too",
  ],
  [{ SCHEMA_REGISTRY_TOKEN_FILE: "/nowhere" }, 'SCHEMA_REGISTRY_TOKEN_FILE is "/nowhere"; it must be a file'],
  [{ SCHEMA_REGISTRY_SSL_CA: "/nowhere" }, 'SCHEMA_REGISTRY_SSL_CA is "/nowhere"; it must be a PEM file'],
  [{ SCHEMA_REGISTRY_SSL_CERT: "/nowhere" }, "SCHEMA_REGISTRY_SSL_CERT and SCHEMA_REGISTRY_SSL_KEY belong"],
  [
    { SCHEMA_REGISTRY_SSL_KEY_PASSPHRASE: "x" },
    "SCHEMA_REGISTRY_SSL_KEY_PASSPHRASE is set, and SCHEMA_REGISTRY_SSL_KEY is not",
  ],
  [
    { SCHEMA_REGISTRY_URL: "http://registry", SCHEMA_REGISTRY_SSL_CA: "/nowhere" },
    "SCHEMA_REGISTRY_SSL_CA is set, and no address in SCHEMA_REGISTRY_URL begins with https:",
  ],
])("refuses %j before anything connects", (variables: Record<string, string>, message) => {
  expect(() => read({ SCHEMA_REGISTRY_URL, ...variables })).toThrow(message);
});

test("refuses an empty token's file", () => {
  expect(() => read({ SCHEMA_REGISTRY_URL, SCHEMA_REGISTRY_TOKEN_FILE: file("empty") })).toThrow(
    /with a token, and that one is empty/,
  );
});
