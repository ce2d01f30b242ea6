import { expect, test } from "vitest";
import { ChangeIndex } from "./change-index.ts";

test("keys whose hashes are the same are told apart", () => {
  const keys = Array.from({ length: 100 }, (_, n) => Buffer.from(`key-${n}`));
  const index = new ChangeIndex((place, key) => keys[place]?.equals(key) === true);
  for (const [place, key] of keys.entries()) {
    expect(index.get(key, -7)).toBeUndefined();
    index.set(key, -7, place);
  }
  for (const [place, key] of keys.entries()) expect(index.get(key, -7)).toBe(place);
  expect(index.places()).toHaveLength(keys.length);
});
