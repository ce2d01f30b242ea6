import fc from "fast-check";
import { expect, test } from "vitest";
import { ChangeBatch } from "./change-batch.ts";
import { keyHash } from "./key-hash.ts";
import { keyText } from "./key-text.ts";

const keys = fc.oneof(
  fc.uint8Array({ maxLength: 3, max: 2 }),
  fc.uint8Array({ minLength: 4, maxLength: 9, max: 1 }),
  fc.nat(200).map((n) => Buffer.from(`key-${n}`)),
);
const changes = fc.array(fc.tuple(keys, fc.option(fc.uint8Array({ maxLength: 2_000 })), fc.boolean()), {
  maxLength: 400,
});

test.each([true, false])("a batch has the latest change of each key, read from the start: %s", (isRead) => {
  fc.assert(
    fc.property(changes, (changed) => {
      const batch = new ChangeBatch(isRead);
      const model = new Map<string, Uint8Array | null>();
      for (const [key, value, look] of changed) {
        // An answer is of use for any view of the same bytes.
        const again = new Uint8Array([7, ...key]).subarray(1);
        const shown = look ? batch.get(again, keyHash(again)) : undefined;
        expect(shown).toEqual(look ? model.get(keyText(key)) : undefined);
        batch.put(key, value);
        model.set(keyText(key), value === null ? null : Buffer.from(value));
      }
      expect(batch.size).toBe(changed.length);
      for (const [text, value] of model) {
        const key = Buffer.from(text, "latin1");
        expect(batch.get(key, keyHash(key))).toEqual(value);
      }
      expect(batch.ordered).toEqual([...model.keys()].toSorted((a, b) => (a < b ? -1 : 1)));
      const other = Buffer.from("none of them");
      expect(batch.get(other, keyHash(other))).toBeUndefined();
    }),
  );
});
