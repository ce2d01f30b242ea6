import { expect, test } from "vitest";
import { gatheredLookup } from "./gathered-lookup.ts";

test("asks together for what is asked in one go, and afresh each time", async () => {
  const asked: (readonly string[])[] = [];
  const lookup = gatheredLookup<{ key: string }, number>((keys) => {
    asked.push(keys.map(({ key }) => key));
    return Promise.resolve(new Map([["a", asked.length]]));
  });
  expect(await Promise.all([lookup({ key: "a" }), lookup({ key: "b" })])).toEqual([1, undefined]);
  expect(await lookup({ key: "a" })).toBe(2);
  expect(asked).toEqual([["a", "b"], ["a"]]);
});

test("rejects those who asked when the query fails, and asks again for the next", async () => {
  let fails = true;
  const lookup = gatheredLookup<{ key: string }, number>(() =>
    fails ? Promise.reject(new Error("down")) : Promise.resolve(new Map([["a", 1]])),
  );
  await expect(lookup({ key: "a" })).rejects.toThrow("down");
  fails = false;
  expect(await lookup({ key: "a" })).toBe(1);
});
