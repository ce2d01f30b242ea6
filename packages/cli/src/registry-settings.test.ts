import { expect, test } from "vitest";
import { registrySettings } from "./registry-settings.ts";

test("prefers what is said on the command line, and takes who asks from the environment", () => {
  const variables = {
    SCHEMA_REGISTRY_URL: "http://registry:8081",
    SCHEMA_REGISTRY_USERNAME: "me",
    SCHEMA_REGISTRY_PASSWORD: "secret",
  };
  const auth = { username: "me", password: "secret" };
  expect(registrySettings("https://other", variables)).toEqual({ url: ["https://other"], auth });
  expect(registrySettings(undefined, variables)).toEqual({ url: ["http://registry:8081"], auth });
});

test("needs none", () => {
  expect(registrySettings(undefined, { SCHEMA_REGISTRY_URL: "" })).toBeUndefined();
});

test.each([
  ["registry:8081", {}, '--registry is "registry:8081"; it must be the URL'],
  [undefined, { SCHEMA_REGISTRY_URL: "registry" }, 'SCHEMA_REGISTRY_URL is "registry"; it must be the URL'],
  ["http://r", { SCHEMA_REGISTRY_USERNAME: "me" }, "SCHEMA_REGISTRY_PASSWORD is not set"],
])("refuses %s with %j", (url, variables, message) => {
  expect(() => registrySettings(url, variables)).toThrow(
    expect.objectContaining({ code: "USAGE", message: expect.stringContaining(message) }),
  );
});
