import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { mutated } from "./mutated.ts";
import { mutations } from "./mutations.ts";

const source = fileURLToPath(new URL("../../../src", import.meta.url));

test.for(mutations)("the mutation has its text in the code: $name", (mutation) => {
  expect(mutated(source, mutation)).toContain(mutation.replace);
});

test("no two mutations have one name", () => {
  expect(new Set(mutations.map(({ name }) => name)).size).toBe(mutations.length);
});
