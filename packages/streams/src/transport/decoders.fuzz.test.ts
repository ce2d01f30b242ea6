import fc from "fast-check";
import { expect, test } from "vitest";
import { wireProperties } from "../../test/wire-properties.ts";
import { noHeaders } from "../record.ts";
import { BatchBuilder } from "./codec/batch-builder.ts";
import { readBatches } from "./codec/read-batches.ts";

/** How many inputs each property gets; `npm run fuzz` gives them more. */
const numRuns = 300;

test.each(wireProperties)("$name", ({ property }) => {
  const details = fc.check(property() as fc.IProperty<unknown>, { numRuns });
  expect(details.failed, fc.defaultReportMessage(details) ?? "").toBe(false);
});

const bytes = fc.uint8Array({ maxLength: 200 }).map((array) => Buffer.from(array));

test("what a batch holds is not more than it may be: a producer's builder and the reader agree", () => {
  fc.assert(
    fc.property(fc.array(bytes, { maxLength: 30 }), (values) => {
      const builder = new BatchBuilder(1 << 20, "zstd");
      for (const value of values) builder.append(null, value, 0, noHeaders);
      if (values.length === 0) return;
      const { reader, corrupt } = readBatches(
        builder.seal({ producerId: -1n, producerEpoch: -1, baseSequence: -1, transactional: false }),
        { fromOffset: 0, abortedTransactions: null },
      );
      let count = 0;
      while (reader.advance()) count++;
      expect([count, corrupt]).toEqual([values.length, undefined]);
    }),
    { numRuns: 50 },
  );
});
