import { expect, test } from "vitest";
import { AccessToken } from "./access-token.ts";

test("takes the token as a bearer, and nothing else", () => {
  const token = new AccessToken("correct horse battery");
  expect(token.isIn("Bearer correct horse battery")).toBe(true);
  for (const header of [
    undefined,
    "",
    "Bearer ",
    "Bearer correct horse batterz",
    "Bearer correct horse battery staple",
    "Basic correct horse battery",
    "correct horse battery",
  ])
    expect(token.isIn(header), header).toBe(false);
});

test("makes one that nobody guesses, another each time", () => {
  const [a, b] = [new AccessToken(), new AccessToken()];
  expect(a.text).not.toBe(b.text);
  expect(a.text.length).toBeGreaterThanOrEqual(32);
  expect(a.isIn(`Bearer ${a.text}`)).toBe(true);
  expect(a.isIn(`Bearer ${b.text}`)).toBe(false);
});

test("refuses one that could be guessed", () => {
  expect(() => new AccessToken("short")).toThrow("at least 16 characters");
});
