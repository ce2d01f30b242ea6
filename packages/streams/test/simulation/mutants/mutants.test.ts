import { stripTypeScriptTypes } from "node:module";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { mutated } from "./mutated.ts";
import { mutations } from "./mutations.ts";

const source = fileURLToPath(new URL("../../../src", import.meta.url));

test.for(mutations)("the mutation has its text in the code: $name", (mutation) => {
  const code = mutated(source, mutation);
  expect(code).toContain(mutation.replace);
  expect(() => stripTypeScriptTypes(code), "it is still code").not.toThrow();
});

test("no two mutations have one name", () => {
  expect(new Set(mutations.map(({ name }) => name)).size).toBe(mutations.length);
});
