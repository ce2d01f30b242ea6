import fc from "fast-check";
import { expect, test } from "vitest";
import { CachedRow } from "./cached-row.ts";
import { DirtyList } from "./dirty-list.ts";

test("hands every row over once, in the order of their last changes, however often they changed", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 30 }), fc.array(fc.nat(29), { maxLength: 40 }), (keys, last) => {
      const list = new DirtyList<number, number>();
      const rows = Array.from({ length: keys }, (_, key) => new CachedRow<number, number>(key, 0, 0, 1, 0));
      const touched: number[] = [];
      const touch = (key: number): void => {
        const row = rows[key % keys];
        if (row === undefined) return;
        list.touch(row);
        touched.push(row.key);
      };
      // More than once round the place where what was left behind is taken out.
      for (let n = 0; n < 20_000; n++) touch(n);
      for (const key of last) touch(key);
      const expected = [...new Set(touched.toReversed())].toReversed();
      expect(list.size).toBe(expected.length);
      const seen: number[] = [];
      list.drain(({ key }) => seen.push(key));
      expect(seen).toEqual(expected);
      expect(list.size).toBe(0);
    }),
    { numRuns: 30 },
  );
});
