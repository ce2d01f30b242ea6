import fc from "fast-check";
import { expect, test } from "vitest";
import { readText } from "./read-text.ts";
import { TextCache } from "./text-cache.ts";

test("reads what toString reads, whatever the bytes, and however often they come", () => {
  const few = fc.constantFrom(
    "",
    "a",
    "ab",
    "abcd",
    "65a9876543210fed00000001",
    "naïve",
    "x".repeat(32),
    "\0",
    "\0a",
  );
  fc.assert(
    fc.property(
      fc.array(
        fc.oneof(
          fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
          fc.string({ maxLength: 40 }).map((text) => Buffer.from(text)),
          few.map((text) => Buffer.from(text)),
        ),
        { maxLength: 50 },
      ),
      (texts) => {
        const whole = Buffer.concat(texts);
        for (let round = 0; round < 3; round++)
          for (let at = 0, from = 0; at < texts.length; from += (texts[at++] as Buffer).length) {
            const text = texts[at] as Buffer;
            expect(readText(whole, from, from + text.length)).toBe(text.toString("utf8"));
            expect(readText(text, 0, text.length)).toBe(text.toString("utf8"));
          }
      },
    ),
  );
});

test("texts of one hash place do not stand for each other", () => {
  const cache = new TextCache();
  const texts = Array.from({ length: 20_000 }, (_, n) => `key-${n}`);
  const bytes = Buffer.from(texts.join(""));
  cache.read(bytes, 0, 1);
  for (let round = 0; round < 3; round++) {
    let start = 0;
    const read = texts.map(({ length }) => cache.read(bytes, start, (start += length)));
    expect(read).toEqual(texts);
  }
});

test("reads a buffer anew whose bytes have changed", () => {
  const bytes = Buffer.from("first-id");
  for (let round = 0; round < 3; round++) expect(readText(bytes, 0, 8)).toBe("first-id");
  bytes.write("other-id");
  for (let round = 0; round < 3; round++) expect(readText(bytes, 0, 8)).toBe("other-id");
});

test("what is not ASCII is not for the cache", () => {
  const cache = new TextCache();
  const bytes = Buffer.from("né");
  for (let round = 0; round < 3; round++) expect(cache.read(bytes, 0, 3)).toBeUndefined();
});
